// SPDX-License-Identifier: MIT
// Callback flags, cookies and the clock.

#include <sockops/hook/helpers.hpp>

#include <cerrno>

#include <sockops/net/net.hpp>

namespace sockops {

namespace {

/// Helpers that need a locked socket go by the op's number, not by is_locked_tcp_sock.
bool is_locked_op(const bpf_sock_ops_kern& ctx) noexcept { return ctx.op <= BPF_SOCK_OPS_WRITE_HDR_OPT_CB; }

/// Why the context has no socket to set options on: 0 or the errno.
int check_full_socket(const bpf_sock_ops_kern& ctx) noexcept {
	if (!is_locked_op(ctx))
		return -EOPNOTSUPP;
	return sk_fullsock(ctx.sk) ? 0 : -EINVAL;
}

} // namespace

int bpf_sock_ops_cb_flags_set(bpf_sock_ops& skops, int argval) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (const int error = check_full_socket(ctx))
		return error;
	static_cast<tcp_sock*>(ctx.sk)->bpf_sock_ops_cb_flags =
		static_cast<u8>(argval & BPF_SOCK_OPS_ALL_CB_FLAGS);
	return argval & ~BPF_SOCK_OPS_ALL_CB_FLAGS;
}

u64 bpf_get_socket_cookie(bpf_sock_ops& skops) noexcept { return sock_gen_cookie(skops.kern().sk); }

u64 bpf_get_netns_cookie(bpf_sock_ops& skops) noexcept { return skops.kern().sk->skc_net->net_cookie; }

u64 bpf_ktime_get_ns(bpf_sock_ops& skops) noexcept { return skops.kern().sk->skc_net->ktime_get_ns(); }

} // namespace sockops
