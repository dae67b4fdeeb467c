// SPDX-License-Identifier: MIT
// Options of SOL_SOCKET, SOL_IP and SOL_IPV6: what the kernel's sk_setsockopt(), do_ip_setsockopt() and
// do_ipv6_setsockopt() make of a value when a program is the caller.

#include "sockopt_rows.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace sockops::detail {

namespace {

constexpr int min_sndbuf = 4608;        // SOCK_MIN_SNDBUF of x86-64, bytes
constexpr int min_rcvbuf = 2304;        // SOCK_MIN_RCVBUF
constexpr std::size_t ifname_size = 16; // IFNAMSIZ
constexpr int ecn_mask = 3;             // INET_ECN_MASK

/// What a size that was asked for becomes: bounded (as unsigned: -1 is the most), doubled.
int buffer_size(int asked, u32 sysctl_max, int least) noexcept {
	const u32 bounded = std::min({static_cast<u32>(asked), sysctl_max, 0x7fffffffu / 2});
	return std::max(static_cast<int>(bounded * 2), least);
}

/// ip_tos2prio[]: the priority of a type of service.
u32 priority_of_tos(int tos) noexcept {
	constexpr u8 priorities[16] = {0, 1, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4};
	return priorities[(tos & 0x1e) >> 1];
}

int device_index(const net& in, const char* name) noexcept {
	if (in.dev_ifindex)
		return in.dev_ifindex(in.sources.context, name);
	return std::strcmp(name, "lo") == 0 ? 1 : 0;
}

} // namespace

int set_reuseaddr(tcp_sock& tp, int value) noexcept {
	tp.sk_reuse = value != 0;
	return 0;
}
int set_reuseport(tcp_sock& tp, int value) noexcept {
	tp.sk_reuseport = value != 0;
	return 0;
}
int set_keepalive(tcp_sock& tp, int value) noexcept {
	tp.sock_keepopen = value != 0;
	return 0;
}

int set_sndbuf(tcp_sock& tp, int value) noexcept {
	tp.sk_userlocks |= sock_userlock::sndbuf;
	tp.sk_sndbuf = buffer_size(value, tp.skc_net->core.sysctl_wmem_max, min_sndbuf);
	return 0;
}

int set_rcvbuf(tcp_sock& tp, int value) noexcept {
	tp.sk_userlocks |= sock_userlock::rcvbuf;
	tp.sk_rcvbuf = buffer_size(value, tp.skc_net->core.sysctl_rmem_max, min_rcvbuf);
	return 0;
}

/// tcp_set_rcvlowat(): at most half the buffer, which grows for it unless its size was set.
int set_rcvlowat(tcp_sock& tp, int value) noexcept {
	if (value < 0)
		value = std::numeric_limits<int>::max();
	if (!tp.sk_socket) {
		tp.sk_rcvlowat = value ? value : 1;
		return 0;
	}
	const bool locked = tp.sk_userlocks & sock_userlock::rcvbuf;
	value = std::min(value, (locked ? tp.sk_rcvbuf : tp.skc_net->ipv4.sysctl_tcp_rmem[2]) / 2);
	tp.sk_rcvlowat = value ? value : 1;
	const s64 space = (s64{value} << 8) / tp.scaling_ratio;
	if (!locked && space > tp.sk_rcvbuf) {
		tp.sk_rcvbuf = static_cast<int>(space);
		if (tp.window_clamp != 0 && tp.window_clamp < static_cast<u32>(value))
			tp.window_clamp = static_cast<u32>(value);
	}
	return 0;
}

int set_max_pacing_rate(tcp_sock& tp, int value) noexcept {
	tp.sk_max_pacing_rate = value == -1 ? ~u64{0} : static_cast<u32>(value);
	return 0;
}
int get_max_pacing_rate(const tcp_sock& tp) noexcept {
	return static_cast<int>(static_cast<u32>(std::min<u64>(tp.sk_max_pacing_rate, ~0u)));
}

int set_txrehash(tcp_sock& tp, int value) noexcept {
	tp.sk_txrehash = value == -1 ? tp.skc_net->core.sysctl_txrehash : static_cast<u8>(value);
	return 0;
}

int set_bindtodevice(tcp_sock& tp, const void* optval, int optlen) noexcept {
	char name[ifname_size] = {};
	std::memcpy(name, optval, std::min(static_cast<std::size_t>(optlen), ifname_size - 1));
	const int ifindex = name[0] ? device_index(*tp.skc_net, name) : 0;
	if (name[0] && ifindex <= 0)
		return -ENODEV;
	tp.sk_bound_dev_if = ifindex;
	return 0;
}

int set_tos(tcp_sock& tp, int value) noexcept {
	const int tos = (value & ~ecn_mask) | (tp.tos & ecn_mask);
	if (tos == tp.tos)
		return 0;
	tp.tos = static_cast<u8>(tos);
	tp.sk_priority = priority_of_tos(tos);
	return 0;
}

/// -1 is the default, 0.
int set_tclass(tcp_sock& tp, int value) noexcept {
	const int tclass = value == -1 ? 0 : value;
	tp.pinet6.tclass = static_cast<u8>((tclass & ~ecn_mask) | (tp.pinet6.tclass & ecn_mask));
	return 0;
}

int set_autoflowlabel(tcp_sock& tp, int value) noexcept {
	tp.pinet6.autoflowlabel = value != 0;
	tp.pinet6.autoflowlabel_set = true;
	return 0;
}
int get_autoflowlabel(const tcp_sock& tp) noexcept {
	if (tp.pinet6.autoflowlabel_set)
		return tp.pinet6.autoflowlabel;
	return tp.skc_net->ipv6.auto_flowlabels & 1; // 1: unless it says no; 3: always
}

} // namespace sockops::detail
