// SPDX-License-Identifier: MIT
// Kinds of sockets, cookies, callback flags, the sampling of sends.

#include <sockops/hook/sk_helpers.hpp>

#include <cerrno>

#include <sockops/net/net.hpp>

#include "locked_op.hpp"

namespace sockops {

namespace {

constexpr u16 ipproto_udp = 17, af_unix = 1; // IPPROTO_UDP and AF_UNIX, without the system headers' macros

bool is_full(const sock_common* sk, u16 protocol) noexcept {
	return sk && sk_fullsock(sk) && static_cast<const sock*>(sk)->sk_protocol == protocol;
}

} // namespace

int bpf_sock_ops_cb_flags_set(bpf_sock_ops& skops, int argval) noexcept {
	bpf_sock_ops_kern& ctx = skops.kern();
	if (!detail::is_locked_tcp_sock_ops(ctx))
		return -EOPNOTSUPP;
	if (!sk_fullsock(ctx.sk))
		return -EINVAL;
	const int known = sock_profile(ctx.sk).cb_flags;
	static_cast<tcp_sock*>(ctx.sk)->bpf_sock_ops_cb_flags = static_cast<u8>(argval & known);
	return argval & ~known;
}

u64 bpf_get_socket_cookie(bpf_sock_ops& skops) noexcept { return sock_gen_cookie(skops.kern().sk); }

u64 bpf_get_netns_cookie(bpf_sock_ops& skops) noexcept { return skops.kern().sk->skc_net->net_cookie; }
u64 bpf_get_netns_cookie(std::nullptr_t) noexcept { return 1; }

int bpf_sock_ops_enable_tx_tstamp(bpf_sock_ops& skops, u64 flags) noexcept {
	const bpf_sock_ops_kern& ctx = skops.kern();
	if (ctx.op != BPF_SOCK_OPS_TSTAMP_SENDMSG_CB || !ctx.skb) // called by hand: no segment
		return -EOPNOTSUPP;
	if (flags != 0)
		return -EINVAL;
	sk_buff& skb = *ctx.skb;
	skb.tx_bpf = true;
	skb.ack_bpf = true;
	skb.tskey = skb.seq + skb.len - 1;
	return 0;
}

tcp_sock* bpf_tcp_sock(sock_common* sk) noexcept {
	return is_full(sk, ipproto_tcp) ? static_cast<tcp_sock*>(sk) : nullptr;
}
tcp_sock* bpf_skc_to_tcp_sock(sock_common* sk) noexcept { return bpf_tcp_sock(sk); }
tcp_sock* bpf_skc_to_tcp6_sock(sock_common* sk) noexcept {
	tcp_sock* const tp = bpf_tcp_sock(sk);
	return tp && tp->skc_family == af_inet6 ? tp : nullptr;
}
inet_timewait_sock* bpf_skc_to_tcp_timewait_sock(sock_common* sk) noexcept {
	return sk && sk->skc_state == TCP_TIME_WAIT ? static_cast<inet_timewait_sock*>(sk) : nullptr;
}
request_sock* bpf_skc_to_tcp_request_sock(sock_common* sk) noexcept {
	return sk && sk->skc_state == TCP_NEW_SYN_RECV ? static_cast<request_sock*>(sk) : nullptr;
}
sock* bpf_skc_to_udp6_sock(sock_common* sk) noexcept {
	return is_full(sk, ipproto_udp) && sk->skc_family == af_inet6 ? static_cast<sock*>(sk) : nullptr;
}
sock* bpf_skc_to_unix_sock(sock_common* sk) noexcept {
	return sk && sk_fullsock(sk) && sk->skc_family == af_unix ? static_cast<sock*>(sk) : nullptr;
}
mptcp_sock* bpf_skc_to_mptcp_sock(sock_common*) noexcept { return nullptr; }

} // namespace sockops
