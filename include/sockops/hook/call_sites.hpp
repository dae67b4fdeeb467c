// SPDX-License-Identifier: MIT
// The typed call sites: one function for each op of a connection's life, with its gate, arguments,
// clamps and defaults; header options and time stamps have headers of their own. A stack calls these at the
// places that the kernel does; where an order between several is part of the contract, tcp_events.hpp keeps
// it.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <sockops/hook/dispatch.hpp>

namespace sockops {

/// What tcp_nv starts from, microseconds; both 0: it measures.
struct tcp_nv_base {
	u32 base_rtt;
	u32 lower_bound; ///< no measurement below it is believed: about 80 % of base_rtt
};

template <class Release = default_release>
class tcp_call_sites {
	using dispatch = tcp_dispatch<Release>;

  public:
	/// TIMEOUT_INIT, by tcp_timeout_init(): the SYN or SYN-ACK timeout in jiffies. A reply <= 0, or
	/// none: 1 s. At most 120 s (TCP_RTO_MAX), except in a profile older than that clamp.
	[[nodiscard]] static u32 tcp_timeout_init(sock_common* sk) noexcept {
		const int timeout = dispatch::tcp_call_bpf(sk, BPF_SOCK_OPS_TIMEOUT_INIT, 0, nullptr);
		const net_profile& profile = sock_profile(sk);
		const u32 value = timeout <= 0 ? profile.hz : static_cast<u32>(timeout);
		return profile.clamp_timeout_init ? detail::min(value, 120 * profile.hz) : value;
	}

	/// RWND_INIT, by tcp_rwnd_init_bpf(): the initial receive window in packets (times mss: bytes).
	/// 0 (a reply < 0 too): the stack's default.
	[[nodiscard]] static u32 tcp_rwnd_init_bpf(sock_common* sk) noexcept {
		return static_cast<u32>(
			detail::max(0, dispatch::tcp_call_bpf(sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr)));
	}

	/// NEEDS_ECN, by tcp_bpf_ca_needs_ecn(): true on a reply of exactly 1.
	[[nodiscard]] static bool tcp_bpf_ca_needs_ecn(sock_common* sk) noexcept {
		return dispatch::tcp_call_bpf(sk, BPF_SOCK_OPS_NEEDS_ECN, 0, nullptr) == 1;
	}

	/// BASE_RTT, as tcp_nv asks when it starts: the path's base RTT in microseconds; 0: not known.
	[[nodiscard]] static u32 tcp_bpf_base_rtt(tcp_sock& tp) noexcept {
		if (!has_op<BPF_SOCK_OPS_BASE_RTT>(tp))
			return 0;
		return static_cast<u32>(
			detail::max(0, dispatch::tcp_call_bpf(&tp, BPF_SOCK_OPS_BASE_RTT, 0, nullptr)));
	}

	/// tcp_nv's init: asks BASE_RTT.
	[[nodiscard]] static tcp_nv_base tcp_nv_init(tcp_sock& tp) noexcept {
		const u32 base_rtt = tcp_bpf_base_rtt(tp);
		return {base_rtt, static_cast<u32>(u64{base_rtt} * 205 >> 8)};
	}

	/// TCP_CONNECT_CB: first thing of tcp_connect(); state SYN_SENT, addresses and ports known.
	static void tcp_bpf_connect(tcp_sock& tp) noexcept {
		dispatch::tcp_call_bpf(&tp, BPF_SOCK_OPS_TCP_CONNECT_CB, 0, nullptr);
	}

	/// TCP_LISTEN_CB: once a socket has begun to listen.
	static void tcp_bpf_listen(tcp_sock& tp) noexcept {
		if (has_op<BPF_SOCK_OPS_TCP_LISTEN_CB>(tp))
			dispatch::tcp_call_bpf(&tp, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	}

	/// BPF_SOCK_OPS_TEST_FLAG(), by the op table: does the socket want the calls of this op?
	template <bpf_sock_ops_op Op>
	[[nodiscard]] static bool bpf_sock_ops_wanted(const tcp_sock& tp) noexcept {
		static_assert(op_table[Op].gate != 0);
		const bool wanted = tp.bpf_sock_ops_cb_flags & op_table[Op].gate;
		if (!wanted)
			Release::observer::withheld(tp, Op);
		return wanted;
	}

	/// A call with a segment whose header ends `header_len` bytes after data; with skb null, without.
	static void call_with_segment(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb, u32 header_len) noexcept {
		sock_owned_by_me(&tp);
		bpf_sock_ops_kern ctx;
		detail::begin_context(ctx, &tp, op, true);
		if (skb) {
			ctx.skb = skb;
			ctx.skb_data_end = skb->data + header_len;
		}
		[[maybe_unused]] typename Release::observer observer(ctx, nullptr);
		observer.done(dispatch::bpf_cgroup_run_prog_sock_ops(&ctx));
	}

	/// ACTIVE_ or PASSIVE_ESTABLISHED_CB, by tcp_init_transfer(): `op` says which. `skb` is the segment
	/// that completed the handshake (5.10 on): the SYN-ACK, the ACK, or for passive TCP Fast Open the SYN;
	/// nullptr if there is none (repair mode), and then programs can read no options.
	static void bpf_skops_established(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb = nullptr) noexcept {
		call_with_segment(tp, op, skb, skb ? skb->tcp_header_len() : 0);
	}

	/// STATE_CB, if its flag is set: the first thing of tcp_set_state(), skc_state still the old one.
	static void tcp_bpf_state(tcp_sock& tp, u32 new_state) noexcept {
		if (bpf_sock_ops_wanted<BPF_SOCK_OPS_STATE_CB>(tp))
			dispatch::tcp_call_bpf_2arg(&tp, BPF_SOCK_OPS_STATE_CB, tp.skc_state, new_state);
	}

	/// RTT_CB, if its flag is set: a round trip's measured RTT in microseconds and the new smoothed
	/// one << 3, before srtt_us takes it. No arguments in a profile before 6.10.
	static void tcp_bpf_rtt(tcp_sock& tp, u32 mrtt_us, u32 srtt_us_8) noexcept {
		if (!bpf_sock_ops_wanted<BPF_SOCK_OPS_RTT_CB>(tp))
			return;
		if (sock_profile(&tp).rtt_cb_args)
			dispatch::tcp_call_bpf_2arg(&tp, BPF_SOCK_OPS_RTT_CB, mrtt_us, srtt_us_8);
		else
			dispatch::tcp_call_bpf(&tp, BPF_SOCK_OPS_RTT_CB, 0, nullptr);
	}

	/// RTO_CB, if its flag is set, when the retransmission timer has fired: retransmits so far (0 the
	/// first time), the RTO that ran out in jiffies, and whether the connection is given up now.
	static void tcp_bpf_rto(tcp_sock& tp, u32 retransmits, u32 rto_jiffies, bool expired) noexcept {
		if (bpf_sock_ops_wanted<BPF_SOCK_OPS_RTO_CB>(tp))
			dispatch::tcp_call_bpf_3arg(&tp, BPF_SOCK_OPS_RTO_CB, retransmits, rto_jiffies, expired);
	}

	/// RETRANS_CB, if its flag is set, after a retransmission was handed down: its first sequence
	/// number, segments, and 0 or the -errno of the transmission. Not for one that was refused before
	/// (tcp_retransmit_skb in tcp_events.hpp tells the two apart).
	static void tcp_bpf_retrans(tcp_sock& tp, u32 seq, u32 segs, int error) noexcept {
		if (bpf_sock_ops_wanted<BPF_SOCK_OPS_RETRANS_CB>(tp))
			dispatch::tcp_call_bpf_3arg(&tp, BPF_SOCK_OPS_RETRANS_CB, seq, segs, static_cast<u32>(error));
	}

  private:
	/// Has the release of the socket's net this op? For those that need no flag; a flag that there is not is
	/// never set.
	template <bpf_sock_ops_op Op>
	[[nodiscard]] static bool has_op(const sock_common& sk) noexcept {
		static_assert(op_table[Op].gate == 0);
		return op_table[Op].since <= sock_profile(&sk).kernel;
	}
};

} // namespace sockops
