// SPDX-License-Identifier: MIT
// Options with a rule of their own: the congestion control, and the headers of a SYN.

#include "sockopt_special.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/bpf/uapi.hpp>
#include <sockops/kern/errno.hpp>
#include <sockops/net/request_sock.hpp>

namespace sockops::detail {

namespace {

constexpr std::size_t ca_name_max = 16; // TCP_CA_NAME_MAX

/// The saved SYN of a request or of a full socket.
const saved_syn* saved_syn_of(const sock_common& sk) noexcept {
	return sk.skc_state == TCP_NEW_SYN_RECV ? static_cast<const request_sock&>(sk).saved_syn.get()
											: static_cast<const tcp_sock&>(sk).saved_syn.get();
}

/// The headers from the option's first on, in the SYN that is being answered.
syn_headers of_segment(const sk_buff& syn, int optname) noexcept {
	u32 before = 0;
	if (optname >= TCP_BPF_SYN_IP)
		before += syn.network_header_len;
	if (optname == TCP_BPF_SYN_MAC)
		before += syn.mac_header_len;
	return {syn.data - before, static_cast<int>(before + syn.tcp_header_len())};
}

syn_headers of_saved(const saved_syn& syn, int optname) noexcept {
	if (optname == TCP_BPF_SYN_MAC && syn.mac_hdrlen == 0)
		return {nullptr, -ENOENT};
	u32 skipped = 0;
	if (optname <= TCP_BPF_SYN_IP)
		skipped += syn.mac_hdrlen;
	if (optname == TCP_BPF_SYN)
		skipped += syn.network_hdrlen;
	return {syn.data.get() + skipped, static_cast<int>(syn.total() - skipped)};
}

/// set_congestion_control() of the backend, and what the socket then remembers.
int change_congestion(tcp_sock& tp, const char (&name)[ca_name_max]) noexcept {
	if (tp.icsk_ca_dst_locked)
		return -EPERM;
	tcp_backend& backend = backend_of(tp);
	if (std::strcmp(name, backend.congestion_control(tp)) != 0) {
		if (const int error = backend.set_congestion_control(tp, name))
			return error;
		std::memcpy(tp.icsk_ca_name, name, sizeof name);
		tp.icsk_ca_initialized = tp.skc_state != TCP_CLOSE && tp.skc_state != TCP_LISTEN;
		if (tp.icsk_ca_initialized)
			backend.init_congestion_control(tp); // may fire BASE_RTT, inside this call
	}
	tp.icsk_ca_setsockopt = true;
	return 0;
}

} // namespace

syn_headers bpf_sock_ops_get_syn(const bpf_sock_ops_kern& ctx, int optname) noexcept {
	if (ctx.syn_skb)
		return of_segment(*ctx.syn_skb, optname);
	const saved_syn* const saved = saved_syn_of(*ctx.sk);
	return saved ? of_saved(*saved, optname) : syn_headers{nullptr, -ENOENT};
}

int get_syn(const bpf_sock_ops_kern& ctx, int optname, void* optval, int optlen) noexcept {
	const auto [start, length] = bpf_sock_ops_get_syn(ctx, optname);
	const int copied = std::clamp(length, 0, optlen);
	if (copied > 0)
		std::memcpy(optval, start, static_cast<std::size_t>(copied));
	std::memset(static_cast<u8*>(optval) + copied, 0, static_cast<std::size_t>(optlen - copied));
	return length > optlen ? -ENOSPC : length;
}

int get_saved_syn(const tcp_sock& tp, void* optval, int optlen) noexcept {
	if (!tp.saved_syn || static_cast<u32>(optlen) > tp.saved_syn->total())
		return -EINVAL;
	std::memcpy(optval, tp.saved_syn->data.get(), static_cast<std::size_t>(optlen));
	return 0;
}

int set_congestion(tcp_sock& tp, const void* optval, int optlen) noexcept {
	if (optlen < 2)
		return -EINVAL;
	const auto length = static_cast<std::size_t>(optlen);
	if (length >= 3 && std::strncmp("cdg", static_cast<const char*>(optval), length) == 0)
		return -kern_errno::notsupp;
	if (tp.bpf_chg_cc_inprogress)
		return -EBUSY;
	char name[ca_name_max] = {};
	std::strncpy(name, static_cast<const char*>(optval), std::min(length, ca_name_max - 1));
	tp.bpf_chg_cc_inprogress = true;
	const int error = change_congestion(tp, name);
	tp.bpf_chg_cc_inprogress = false;
	return error;
}

int get_congestion(const tcp_sock& tp, void* optval, int optlen) noexcept {
	if (optlen < 2)
		return -EINVAL;
	const char* name = backend_of(tp).congestion_control(tp);
	const auto room = static_cast<std::size_t>(optlen);
	std::memset(optval, 0, room);
	std::memcpy(optval, name, std::min({std::strlen(name), room - 1, ca_name_max}));
	return 0;
}

} // namespace sockops::detail
