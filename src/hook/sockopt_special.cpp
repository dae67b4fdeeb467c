// SPDX-License-Identifier: MIT
// Options with a rule of their own: the congestion control, and the headers of a SYN.

#include "sockopt_special.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sockops/bpf/uapi.hpp>
#include <sockops/kern/errno.hpp>

#include "syn_source.hpp"

namespace sockops::detail {

namespace {

constexpr std::size_t ca_name_max = 16; // TCP_CA_NAME_MAX

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

int get_syn(const bpf_sock_ops_kern& ctx, int optname, void* optval, int optlen) noexcept {
	const std::span<const u8> syn = find_syn(ctx, static_cast<syn_part>(optname - TCP_BPF_SYN));
	const auto room = static_cast<std::size_t>(optlen);
	const std::size_t copied = std::min(syn.size(), room);
	std::memset(optval, 0, room);
	if (copied != 0)
		std::memcpy(optval, syn.data(), copied);
	if (syn.empty())
		return -ENOENT;
	return syn.size() > room ? -ENOSPC : static_cast<int>(syn.size());
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
