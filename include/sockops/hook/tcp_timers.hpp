// SPDX-License-Identifier: MIT
// The retransmission timer: when a connection is given up, which ops fire on the way, what comes
// next. The stack keeps the timer and sends; the order and the arithmetic are here.
//
//   tcp_retransmit_timer     the timer has fired
//     tcp_write_timeout        TIMEOUT_INIT (SYN states), RTO_CB; given up: STATE_CB(-> CLOSE)
//     tcp_retransmit_skb       the stack's transmission; RETRANS_CB
//                              backoff; TIMEOUT_INIT again (SYN states)
//
// For full sockets. The SYN-ACK timer of a request fires neither RTO_CB nor RETRANS_CB: the stack
// sends again by tcp_synack_options() and tcp_synack_ect().
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <bit>

#include <sockops/hook/tcp_events.hpp>
#include <sockops/kern/check.hpp>

namespace sockops {

/// tcp_model_timeout(): jiffies from the first transmission until `boundary` + 1 timeouts have run
/// out, if the first was `rto_base` jiffies and each doubled up to `rto_max`. Both > 0.
[[nodiscard]] inline u64 tcp_model_timeout(u32 boundary, u32 rto_base, u64 rto_max) noexcept {
	const u32 doublings = rto_base > rto_max ? 0 : static_cast<u32>(std::bit_width(rto_max / rto_base)) - 1;
	const u64 doubling = ((u64{2} << detail::min(boundary, doublings)) - 1) * rto_base;
	return boundary <= doublings ? doubling : doubling + (boundary - doublings) * rto_max;
}

/// tcp_clamp_rto_to_user_timeout(): icsk_rto, but no later than TCP_USER_TIMEOUT runs out; 1 if it has.
[[nodiscard]] inline u32 tcp_clamp_rto_to_user_timeout(const tcp_sock& tp) noexcept {
	const net& in = *tp.skc_net;
	const u64 elapsed_ms = (in.ktime_get_ns() - tp.retrans_stamp) / 1'000'000;
	if (tp.icsk_user_timeout == 0)
		return tp.icsk_rto;
	if (elapsed_ms >= tp.icsk_user_timeout)
		return 1;
	return detail::min(tp.icsk_rto, msecs_to_jiffies(in, tp.icsk_user_timeout - elapsed_ms));
}

/// What tcp_retransmit_timer() leaves to the stack.
struct tcp_rto_outcome {
	bool expired; ///< the connection is closed: tell the application (ETIMEDOUT)
	u32 next_rto; ///< else: jiffies until the timer fires again
};

template <class Release = default_release>
class tcp_timers {
	using sites = tcp_call_sites<Release>;
	using events = tcp_events<Release>;

  public:
	/// retransmits_timed_out(): has what is being sent again been on its way for longer than `boundary`
	/// retransmissions take (or `timeout_ms`, if not 0)? false before the first retransmission. In SYN_SENT
	/// and SYN_RECV, TIMEOUT_INIT says what the first timeout would be. Warns once if the net has no clock:
	/// then the answer is false for ever.
	[[nodiscard]] static bool retransmits_timed_out(tcp_sock& tp, u32 boundary, u32 timeout_ms) noexcept {
		if (tp.icsk_retransmits == 0)
			return false;
		const net& in = *tp.skc_net;
		warn_on_once(
			!in.sources.ktime_get_ns,
			"the net has no clock, so its time stands at 0 and no connection is given up by it: give it one, "
			"net_sources::ktime_get_ns (net/net.hpp)");
		u64 limit_ms = timeout_ms;
		if (timeout_ms == 0) {
			const bool syn = tp.skc_state == TCP_SYN_SENT || tp.skc_state == TCP_SYN_RECV;
			const u32 base = syn ? sites::tcp_timeout_init(&tp) : in.profile.part_of_second(5);
			limit_ms = jiffies_to_msecs(in, tcp_model_timeout(boundary, base, tp.icsk_rto_max));
		}
		return (in.ktime_get_ns() - tp.retrans_stamp) / 1'000'000 >= limit_ms;
	}

	/// tcp_write_timeout(): is it time to give up? In this order: by number (SYN_SENT: TCP_SYNCNT or the
	/// sysctl, and the linear timeouts), else by time; RTO_CB with the answer; if so STATE_CB(-> CLOSE), and
	/// the connection is over. So it is of a socket that was never initialised, an illegal use.
	[[nodiscard]] static bool tcp_write_timeout(tcp_sock& tp) noexcept {
		if (!detail::is_initialised("tcp_write_timeout", tp)) [[unlikely]]
			return true;
		const netns_ipv4& sysctl = tp.skc_net->ipv4;
		u32 retries = sysctl.sysctl_tcp_retries2;
		bool expired = false;
		if (tp.skc_state == TCP_SYN_SENT || tp.skc_state == TCP_SYN_RECV) {
			retries = tp.icsk_syn_retries ? tp.icsk_syn_retries : sysctl.sysctl_tcp_syn_retries;
			const u32 linear = tp.skc_state == TCP_SYN_SENT ? sysctl.sysctl_tcp_syn_linear_timeouts : 0u;
			expired = tp.icsk_retransmits >= retries + linear;
		}
		if (!expired)
			expired = retransmits_timed_out(tp, retries, tp.icsk_user_timeout);
		sites::tcp_bpf_rto(tp, tp.icsk_retransmits, tp.icsk_rto, expired);
		if (expired)
			events::tcp_set_state(tp, TCP_CLOSE);
		return expired;
	}

	/// tcp_retransmit_timer(): the timer has fired and something is outstanding. `retransmit()` sends the
	/// first unacknowledged segment again, by tcp_retransmit_skb(), and returns its result (> 0: this host's
	/// queue dropped it). Counts icsk_retransmits (which the stack sets to 0 when an acknowledgement gets on)
	/// and total_rto, and doubles icsk_rto up to icsk_rto_max; in SYN_SENT only after the sysctl's linear
	/// timeouts.
	template <class Retransmit>
	static tcp_rto_outcome tcp_retransmit_timer(tcp_sock& tp, Retransmit&& retransmit) {
		if (tcp_write_timeout(tp))
			return {true, 0};
		const net& in = *tp.skc_net;
		++tp.icsk_retransmits;
		++tp.total_rto;
		if (retransmit() > 0) // dropped on this host, for want of room
			return {false, in.profile.part_of_second(2)};
		if (tp.skc_state != TCP_SYN_SENT || tp.total_rto > in.ipv4.sysctl_tcp_syn_linear_timeouts) {
			++tp.icsk_backoff;
			tp.icsk_rto = detail::min(tp.icsk_rto * 2, tp.icsk_rto_max);
		}
		// A route that has been silent for so long is looked up anew: all that is seen of it is the question.
		(void)retransmits_timed_out(tp, in.ipv4.sysctl_tcp_retries1 + 1u, 0);
		return {false, tcp_clamp_rto_to_user_timeout(tp)};
	}
};

} // namespace sockops
