// SPDX-License-Identifier: MIT
// What happens to a connection, as a stack tells it: each function fires its ops in the kernel's
// order, around the change of state that belongs to them, and hands back what the replies decide.
//
//   active    tcp_set_state(SYN_SENT), tcp_connect … tcp_rtt_sample, tcp_finish_connect
//   both ways tcp_set_state(SYN_SENT), tcp_connect … tcp_simultaneous_open … tcp_child_established
//   passive   inet_listen … tcp_conn_request, tcp_synack_ect … tcp_rtt_sample, tcp_child_established
//   Fast Open inet_listen … tcp_conn_request, tcp_fastopen_create_child, tcp_synack_ect … tcp_rtt_sample,
//             tcp_set_state(ESTABLISHED)
//   close     sock_map_close, tcp_set_state, tcp_time_wait, inet_csk_prepare_forced_close
//
// Headers are sized and written by tcp_output.hpp: a SYN after tcp_connect(), a SYN-ACK before
// tcp_synack_ect(). The retransmission timer is in tcp_timers.hpp.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <cerrno>

#include <sockops/hook/call_sites.hpp>

namespace sockops {

/// What the programs decided for a SYN or SYN-ACK.
struct tcp_syn_params {
	u32 rwnd_packets; ///< initial window / mss; 0: the stack's default
	u32 timeout;      ///< jiffies until it is sent again
	bool ecn;         ///< SYN: ask for ECN. Request: ECN is wanted whatever the configuration
};

/// What the stack knows when a SYN arrives.
struct tcp_syn_ecn {
	bool syn_asks = false;    ///< the SYN carries both ECE and CWR
	bool decided_yes = false; ///< sysctl, route or the listener's congestion control want ECN
};

/// inet_csk_prepare_forced_close(): a child that no handshake completes is thrown away, unlocked: its
/// flags are cleared, so that no STATE_CB fires (mainline since 2026, and the stable kernels).
inline void inet_csk_prepare_forced_close(tcp_sock& child) noexcept { child.bpf_sock_ops_cb_flags = 0; }

template <class Release = default_release>
class tcp_events {
	using sites = tcp_call_sites<Release>;

  public:
	/// tcp_set_state(): STATE_CB with the old state still in place, then the change. Fires for every
	/// call, also for old == new. Not for: -> LISTEN (inet_listen), a child's SYN_RECV
	/// (inet_csk_clone), -> TIME_WAIT (tcp_time_wait).
	static void tcp_set_state(tcp_sock& tp, tcp_state state) noexcept {
		sites::tcp_bpf_state(tp, state);
		tp.skc_state = state;
	}

	/// inet_listen(): 0, or -EINVAL unless the socket is closed or listening already; then only its
	/// backlog changes, which is the stack's affair, and nothing fires.
	[[nodiscard]] static int inet_listen(tcp_sock& tp) noexcept {
		if (tp.skc_state == TCP_LISTEN)
			return 0;
		if (tp.skc_state != TCP_CLOSE)
			return -EINVAL;
		detail::expect_own_copy("inet_listen", tp);
		tp.skc_state = TCP_LISTEN;
		sites::tcp_bpf_listen(tp);
		return 0;
	}

	/// tcp_connect(): TCP_CONNECT_CB, RWND_INIT, TIMEOUT_INIT (into icsk_rto), NEEDS_ECN. The socket
	/// is in SYN_SENT and knows its addresses and ports; no SYN has been built. (A socket under repair sends
	/// none: it goes on with tcp_finish_connect() in NEEDS_ECN's place, as `repair` says.) One that was never
	/// initialised is an illegal use: nothing is called, the result is the defaults.
	[[nodiscard]] static tcp_syn_params tcp_connect(tcp_sock& tp, bool repair = false) noexcept {
		if (!detail::is_initialised("tcp_connect", tp)) [[unlikely]]
			return {0, net_profile{}.hz, false};
		detail::expect_own_copy("tcp_connect", tp);
		sites::tcp_bpf_connect(tp);
		const u32 rwnd = sites::tcp_rwnd_init_bpf(&tp);
		tp.icsk_rto = sites::tcp_timeout_init(&tp);
		tp.icsk_retransmits = 0;
		tp.retrans_stamp = tp.skc_net->ktime_get_ns();
		if (repair)
			return {rwnd, tp.icsk_rto, false};
		return {rwnd, tp.icsk_rto, sites::tcp_bpf_ca_needs_ecn(&tp)};
	}

	/// tcp_init_transfer(): ACTIVE_ or PASSIVE_ESTABLISHED_CB with the segment that brought it; then, unless
	/// a program has set one since connect() (TCP_CONGESTION), the congestion control starts:
	/// tcp_backend::init_congestion_control(), where tcp_nv asks BASE_RTT.
	static void tcp_init_transfer(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb) noexcept {
		sites::bpf_skops_established(tp, op, skb);
		if (tp.icsk_ca_initialized)
			return;
		tp.icsk_ca_initialized = true;
		if (tp.backend)
			tp.backend->init_congestion_control(tp);
	}

	/// tcp_finish_connect(): the SYN-ACK has come. STATE_CB(SYN_SENT -> ESTABLISHED), then
	/// ACTIVE_ESTABLISHED_CB, in ESTABLISHED. Without `synack` programs cannot look at its options.
	static void tcp_finish_connect(tcp_sock& tp, sk_buff* synack = nullptr) noexcept {
		tcp_set_state(tp, TCP_ESTABLISHED);
		tcp_init_transfer(tp, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, synack);
	}

	/// tcp_conn_request(): a SYN at a listener. NEEDS_ECN if the SYN asks and nothing else has said yes
	/// (into req.ecn_ok), RWND_INIT, TIMEOUT_INIT (into req.timeout). A request without a listener (a
	/// syncookie) gets defaults; TIMEOUT_INIT is not even called for it; nor with `fast_open`, for the child
	/// asks.
	[[nodiscard]] static tcp_syn_params tcp_conn_request(request_sock& req, tcp_syn_ecn ecn,
														 bool fast_open = false) noexcept {
		req.ecn_ok = ecn.syn_asks && (ecn.decided_yes || sites::tcp_bpf_ca_needs_ecn(&req));
		req.rsk_rcv_wnd = sites::tcp_rwnd_init_bpf(&req);
		req.timeout = req.rsk_listener && !fast_open ? sites::tcp_timeout_init(&req) : sock_profile(&req).hz;
		return {req.rsk_rcv_wnd, req.timeout, req.ecn_ok};
	}

	/// tcp_rcv_synsent_state_process(): a SYN without ACK meets ours. STATE_CB(SYN_SENT -> SYN_RECV); then,
	/// if ECN is negotiated and the congestion control does not need it anyway, NEEDS_ECN: is the SYN-ACK
	/// sent as ECN-capable transport? The ACK that follows completes it by tcp_child_established() on this
	/// socket.
	[[nodiscard]] static bool tcp_simultaneous_open(tcp_sock& tp, bool ecn_negotiated,
													bool ca_needs_ecn) noexcept {
		tcp_set_state(tp, TCP_SYN_RECV);
		return ecn_negotiated && (ca_needs_ecn || sites::tcp_bpf_ca_needs_ecn(&tp));
	}

	/// tcp_fastopen_create_child(): the SYN's data is taken at once. `child` is fresh from inet_csk_clone():
	/// TIMEOUT_INIT (into icsk_rto), PASSIVE_ESTABLISHED_CB with the SYN, in SYN_RECV. The SYN-ACK is then
	/// the child's (tcp_synack_options with it as owner); the ACK brings tcp_set_state(ESTABLISHED) and no
	/// second PASSIVE_ESTABLISHED_CB.
	static void tcp_fastopen_create_child(tcp_sock& child, sk_buff& syn) noexcept {
		child.icsk_rto = sites::tcp_timeout_init(&child);
		tcp_init_transfer(child, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, &syn);
	}

	/// Each SYN-ACK, retransmitted ones too: is it sent as ECN-capable transport? NEEDS_ECN, unless the
	/// chosen TOS says so already.
	[[nodiscard]] static bool tcp_synack_ect(request_sock& req, bool tos_is_ect) noexcept {
		return tos_is_ect || sites::tcp_bpf_ca_needs_ecn(&req);
	}

	/// The child's handshake is complete: PASSIVE_ESTABLISHED_CB, still in SYN_RECV, then
	/// STATE_CB(SYN_RECV -> ESTABLISHED). Without `ack` programs cannot look at its options.
	static void tcp_child_established(tcp_sock& child, sk_buff* ack = nullptr) noexcept {
		tcp_init_transfer(child, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, ack);
		tcp_set_state(child, TCP_ESTABLISHED);
	}

	/// tcp_disconnect(): the socket can be connected anew. STATE_CB(-> CLOSE) unless it is closed already;
	/// then what belongs to the connection is as on a fresh socket, and so are TCP_MAXSEG, TCP_WINDOW_CLAMP,
	/// the RTO, TCP_BPF_RTO_MIN and TCP_BPF_DELACK_MAX. The callback flags and the other options stay.
	static void tcp_disconnect(tcp_sock& tp) noexcept {
		if (!detail::is_initialised("tcp_disconnect", tp)) [[unlikely]]
			return;
		if (tp.skc_state != TCP_CLOSE)
			tcp_set_state(tp, TCP_CLOSE);
		tp.saved_syn.reset();
		tp.user_mss = 0;
		tp.window_clamp = 0;
		tp.icsk_rto = tp.skc_net->profile.hz;
		tp.icsk_rto_min = tp.icsk_delack_max = tp.skc_net->profile.part_of_second(5);
		tcp_begin_connection(tp);
	}

	/// tcp_time_wait(): a small socket takes over, so the real one reports its change to CLOSE.
	static void tcp_time_wait(tcp_sock& tp) noexcept { tcp_set_state(tp, TCP_CLOSE); }

	/// An RTT measurement of the stack's estimator: RTT_CB the first time, and then once a round trip
	/// (when snd_una has passed rtt_seq). srtt_us takes the new value, at least 1, afterwards: the
	/// programs see the one before, 0 the first time.
	static void tcp_rtt_sample(tcp_sock& tp, u32 mrtt_us, u32 new_srtt_us_8) noexcept {
		const bool new_round = static_cast<s32>(tp.snd_una - tp.rtt_seq) > 0;
		if (tp.srtt_us == 0 || new_round) {
			tp.rtt_seq = tp.snd_nxt;
			sites::tcp_bpf_rtt(tp, mrtt_us, new_srtt_us_8);
		}
		tp.srtt_us = detail::max(new_srtt_us_8, u32{1});
	}

	/// tcp_retransmit_skb(): `refused` is 0, or the -errno with which the stack will not even try
	/// (-EBUSY: the first copy is still queued; no memory, no route): then nothing fires. Otherwise
	/// `transmit()` returns 0 or -errno, and RETRANS_CB fires with it. Returns that errno.
	template <class Transmit>
	static int tcp_retransmit_skb(tcp_sock& tp, u32 seq, u32 segs, int refused, Transmit&& transmit) {
		if (refused != 0)
			return refused;
		tp.total_retrans += segs;
		const int error = transmit();
		sites::tcp_bpf_retrans(tp, seq, segs, error);
		return error;
	}
};

} // namespace sockops
