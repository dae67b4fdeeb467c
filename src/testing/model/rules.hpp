// SPDX-License-Identifier: MIT
// Rules of the small TCP by what a stack does that gets one of them wrong. Here none is wrong. Templates, so
// that a build of the tests, which shows that a trace tells, can specialize them; what ships has these.
#pragma once

#include <sockops/hook/tcp_hook.hpp>
#include <sockops/trace/trace.hpp>

namespace sockops::testing::model {

enum class wrong_rule : u8 {
	none,
	// --- where and when a call is made
	no_header_prediction,        ///< each segment is parsed
	state_after_change,          ///< STATE_CB sees the new state
	time_wait_is_reported,       ///< STATE_CB(-> TIME_WAIT)
	established_before_the_call, ///< a child's STATE_CB before PASSIVE_ESTABLISHED_CB
	timeout_counted_before_call, ///< RTO_CB's first argument begins with 1
	no_linear_syn_timeouts,      ///< a SYN's timeout doubles from the first
	second_listen_fires,         ///< TCP_LISTEN_CB again
	repeated_synack_asks_no_ecn, ///< NEEDS_ECN only for the first SYN-ACK
	child_inherits_no_flags,     ///< a child begins with no flags of its listener
	mss_is_not_asked,            ///< HDR_OPT_LEN_CB only for segments
	rtt_of_each_ack,             ///< RTT_CB more than once a round trip
	probe_counts_as_timeout,     ///< the first RTO_CB after a tail loss probe shows 1
	probe_is_a_timeout,          ///< RTO_CB for a tail loss probe
	retransmission_told_before,  ///< RETRANS_CB before the segment has gone
	sendmsg_after_transmission,  ///< TSTAMP_SENDMSG_CB once the data has gone
	cookie_asks_as_a_request,    ///< RWND_INIT and TIMEOUT_INIT for a SYN that a cookie answers
	no_rtt_of_the_synack,        ///< no RTT_CB at the server's end of the handshake
	// --- what a call shows
	length_with_header,       ///< HDR_OPT_LEN_CB's skb_len
	sendmsg_shows_push,       ///< TSTAMP_SENDMSG_CB's skb_tcp_flags
	timeout_keeps_the_window, ///< snd_cwnd
	child_keeps_its_port,     ///< local_port in CLOSE
	// --- what replies do
	denial_is_ignored,       ///< the reply of programs that deny counts
	last_return_decides,     ///< a denial is forgotten when the next program agrees
	first_reply_stays,       ///< later programs cannot replace it
	any_reply_needs_ecn,     ///< other than 0
	timeout_in_milliseconds, ///< TIMEOUT_INIT
	timeout_without_limit,   ///< TIMEOUT_INIT, beyond 120 s
	window_in_bytes,         ///< RWND_INIT
	count
};

template <class = void>
constexpr bool is_wrong(wrong_rule) noexcept {
	return false;
}

template <class = void>
struct rules {
	/// Linux 6.18, and the net's observers are told of each call.
	using release = traced<release_6_18>;
};

} // namespace sockops::testing::model
