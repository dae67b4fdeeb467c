// SPDX-License-Identifier: MIT
// The call sites of the default release (bpf/release.hpp) as functions, for a stack that needs no other and
// is not observed. What each does, and when it is called: the members of the same name, in the headers named
// here.
//
// Context: the calling thread, with the socket's lock held (a request has none). Programs run before a call
// returns; nothing else waits. In a signal handler once the thread has been in a section before.
#pragma once

#include <utility>

#include <sockops/hook/tcp_hook.hpp>

namespace sockops {

// hook/dispatch.hpp

/// As tcp_dispatch::tcp_call_bpf_2arg().
inline int tcp_call_bpf_2arg(sock_common* sk, int op, u32 arg1, u32 arg2) noexcept {
	return tcp_dispatch<>::tcp_call_bpf_2arg(sk, op, arg1, arg2);
}
/// As tcp_dispatch::tcp_call_bpf_3arg().
inline int tcp_call_bpf_3arg(sock_common* sk, int op, u32 arg1, u32 arg2, u32 arg3) noexcept {
	return tcp_dispatch<>::tcp_call_bpf_3arg(sk, op, arg1, arg2, arg3);
}
/// As tcp_dispatch::tcp_call_bpf().
inline int tcp_call_bpf(sock_common* sk, int op, u32 nargs, const u32* args) noexcept {
	return tcp_dispatch<>::tcp_call_bpf(sk, op, nargs, args);
}
/// As tcp_dispatch::bpf_cgroup_run_prog_sock_ops().
[[nodiscard]] inline int bpf_cgroup_run_prog_sock_ops(bpf_sock_ops_kern* ctx) noexcept {
	return tcp_dispatch<>::bpf_cgroup_run_prog_sock_ops(ctx);
}
/// As tcp_dispatch::bpf_cgroup_run_prog_sock_ops_sk().
[[nodiscard]] inline int bpf_cgroup_run_prog_sock_ops_sk(bpf_sock_ops_kern* ctx, sock* sk) noexcept {
	return tcp_dispatch<>::bpf_cgroup_run_prog_sock_ops_sk(ctx, sk);
}
/// As tcp_dispatch::cgroup_bpf_run_filter_sock_ops().
[[nodiscard]] inline int cgroup_bpf_run_filter_sock_ops(sock* sk, bpf_sock_ops_kern* ctx,
														cgroup_bpf_attach_type type) noexcept {
	return tcp_dispatch<>::cgroup_bpf_run_filter_sock_ops(sk, ctx, type);
}

// hook/call_sites.hpp

/// As tcp_call_sites::tcp_timeout_init().
[[nodiscard]] inline u32 tcp_timeout_init(sock_common* sk) noexcept {
	return tcp_call_sites<>::tcp_timeout_init(sk);
}
/// As tcp_call_sites::tcp_rwnd_init_bpf().
[[nodiscard]] inline u32 tcp_rwnd_init_bpf(sock_common* sk) noexcept {
	return tcp_call_sites<>::tcp_rwnd_init_bpf(sk);
}
/// As tcp_call_sites::tcp_bpf_ca_needs_ecn().
[[nodiscard]] inline bool tcp_bpf_ca_needs_ecn(sock_common* sk) noexcept {
	return tcp_call_sites<>::tcp_bpf_ca_needs_ecn(sk);
}
/// As tcp_call_sites::tcp_bpf_base_rtt().
[[nodiscard]] inline u32 tcp_bpf_base_rtt(tcp_sock& tp) noexcept {
	return tcp_call_sites<>::tcp_bpf_base_rtt(tp);
}
/// As tcp_call_sites::tcp_nv_init().
[[nodiscard]] inline tcp_nv_base tcp_nv_init(tcp_sock& tp) noexcept {
	return tcp_call_sites<>::tcp_nv_init(tp);
}
/// As tcp_call_sites::tcp_bpf_connect().
inline void tcp_bpf_connect(tcp_sock& tp) noexcept { tcp_call_sites<>::tcp_bpf_connect(tp); }
/// As tcp_call_sites::tcp_bpf_listen().
inline void tcp_bpf_listen(tcp_sock& tp) noexcept { tcp_call_sites<>::tcp_bpf_listen(tp); }
/// As tcp_call_sites::bpf_sock_ops_wanted().
template <bpf_sock_ops_op Op>
[[nodiscard]] bool bpf_sock_ops_wanted(const tcp_sock& tp) noexcept {
	return tcp_call_sites<>::bpf_sock_ops_wanted<Op>(tp);
}
/// As tcp_call_sites::bpf_skops_established().
inline void bpf_skops_established(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb = nullptr) noexcept {
	tcp_call_sites<>::bpf_skops_established(tp, op, skb);
}
/// As tcp_call_sites::tcp_bpf_state().
inline void tcp_bpf_state(tcp_sock& tp, u32 new_state) noexcept {
	tcp_call_sites<>::tcp_bpf_state(tp, new_state);
}
/// As tcp_call_sites::tcp_bpf_rtt().
inline void tcp_bpf_rtt(tcp_sock& tp, u32 mrtt_us, u32 srtt_us_8) noexcept {
	tcp_call_sites<>::tcp_bpf_rtt(tp, mrtt_us, srtt_us_8);
}
/// As tcp_call_sites::tcp_bpf_rto().
inline void tcp_bpf_rto(tcp_sock& tp, u32 retransmits, u32 rto_jiffies, bool expired) noexcept {
	tcp_call_sites<>::tcp_bpf_rto(tp, retransmits, rto_jiffies, expired);
}
/// As tcp_call_sites::tcp_bpf_retrans().
inline void tcp_bpf_retrans(tcp_sock& tp, u32 seq, u32 segs, int error) noexcept {
	tcp_call_sites<>::tcp_bpf_retrans(tp, seq, segs, error);
}

// hook/header_options.hpp

/// As tcp_header_options::bpf_skops_hdr_opt_len().
[[nodiscard]] inline u32 bpf_skops_hdr_opt_len(tcp_sock& owner, const hdr_opt_segment& segment,
											   u32 remaining) noexcept {
	return tcp_header_options<>::bpf_skops_hdr_opt_len(owner, segment, remaining);
}
/// As tcp_header_options::bpf_skops_write_hdr_opt().
inline void bpf_skops_write_hdr_opt(tcp_sock& owner, const hdr_opt_segment& segment, u32 reserved) noexcept {
	tcp_header_options<>::bpf_skops_write_hdr_opt(owner, segment, reserved);
}
/// As tcp_header_options::bpf_skops_parse_hdr().
inline void bpf_skops_parse_hdr(tcp_sock& tp, sk_buff& skb) noexcept {
	tcp_header_options<>::bpf_skops_parse_hdr(tp, skb);
}

// hook/tx_timestamps.hpp

/// As tcp_tx_timestamps::tcp_bpf_tx_sendmsg().
inline void tcp_bpf_tx_sendmsg(tcp_sock& tp, sk_buff& tail) noexcept {
	tcp_tx_timestamps<>::tcp_bpf_tx_sendmsg(tp, tail);
}
/// As tcp_tx_timestamps::skb_tx_sched().
inline void skb_tx_sched(sk_buff& skb) noexcept { tcp_tx_timestamps<>::skb_tx_sched(skb); }
/// As tcp_tx_timestamps::skb_tx_software().
inline void skb_tx_software(sk_buff& skb) noexcept { tcp_tx_timestamps<>::skb_tx_software(skb); }
/// As tcp_tx_timestamps::skb_tx_hardware().
inline void skb_tx_hardware(sk_buff& skb, u64 hwtstamp_ns) noexcept {
	tcp_tx_timestamps<>::skb_tx_hardware(skb, hwtstamp_ns);
}
/// As tcp_tx_timestamps::tcp_ack_tstamp().
inline void tcp_ack_tstamp(tcp_sock& tp, sk_buff& skb, u32 prior_snd_una) noexcept {
	tcp_tx_timestamps<>::tcp_ack_tstamp(tp, skb, prior_snd_una);
}

// hook/tcp_events.hpp

/// As tcp_events::tcp_time_wait().
inline void tcp_time_wait(tcp_sock& tp) noexcept { tcp_events<>::tcp_time_wait(tp); }
/// As tcp_events::tcp_set_state().
inline void tcp_set_state(tcp_sock& tp, tcp_state state) noexcept { tcp_events<>::tcp_set_state(tp, state); }
/// As tcp_events::inet_listen().
[[nodiscard]] inline int inet_listen(tcp_sock& tp) noexcept { return tcp_events<>::inet_listen(tp); }
/// As tcp_events::tcp_connect().
[[nodiscard]] inline tcp_syn_params tcp_connect(tcp_sock& tp, bool repair = false) noexcept {
	return tcp_events<>::tcp_connect(tp, repair);
}
/// As tcp_events::tcp_init_transfer().
inline void tcp_init_transfer(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb) noexcept {
	tcp_events<>::tcp_init_transfer(tp, op, skb);
}
/// As tcp_events::tcp_finish_connect().
inline void tcp_finish_connect(tcp_sock& tp, sk_buff* synack = nullptr) noexcept {
	tcp_events<>::tcp_finish_connect(tp, synack);
}
/// As tcp_events::tcp_conn_request().
[[nodiscard]] inline tcp_syn_params tcp_conn_request(request_sock& req, tcp_syn_ecn ecn,
													 bool fast_open = false) noexcept {
	return tcp_events<>::tcp_conn_request(req, ecn, fast_open);
}
/// As tcp_events::tcp_simultaneous_open().
[[nodiscard]] inline bool tcp_simultaneous_open(tcp_sock& tp, bool ecn_negotiated,
												bool ca_needs_ecn) noexcept {
	return tcp_events<>::tcp_simultaneous_open(tp, ecn_negotiated, ca_needs_ecn);
}
/// As tcp_events::tcp_fastopen_create_child().
inline void tcp_fastopen_create_child(tcp_sock& child, sk_buff& syn) noexcept {
	tcp_events<>::tcp_fastopen_create_child(child, syn);
}
/// As tcp_events::tcp_synack_ect().
[[nodiscard]] inline bool tcp_synack_ect(request_sock& req, bool tos_is_ect) noexcept {
	return tcp_events<>::tcp_synack_ect(req, tos_is_ect);
}
/// As tcp_events::tcp_child_established().
inline void tcp_child_established(tcp_sock& child, sk_buff* ack = nullptr) noexcept {
	tcp_events<>::tcp_child_established(child, ack);
}
/// As tcp_events::tcp_disconnect().
inline void tcp_disconnect(tcp_sock& tp) noexcept { tcp_events<>::tcp_disconnect(tp); }
/// As tcp_events::tcp_rtt_sample().
inline void tcp_rtt_sample(tcp_sock& tp, u32 mrtt_us, u32 new_srtt_us_8) noexcept {
	tcp_events<>::tcp_rtt_sample(tp, mrtt_us, new_srtt_us_8);
}
/// As tcp_events::tcp_retransmit_skb().
template <class Transmit>
int tcp_retransmit_skb(tcp_sock& tp, u32 seq, u32 segs, int refused, Transmit&& transmit) {
	return tcp_events<>::tcp_retransmit_skb(tp, seq, segs, refused, std::forward<Transmit>(transmit));
}

// hook/tcp_output.hpp

/// As tcp_output::tcp_syn_options().
[[nodiscard]] inline tcp_out_options tcp_syn_options(tcp_sock& tp, sk_buff& skb, u32 used) noexcept {
	return tcp_output<>::tcp_syn_options(tp, skb, used);
}
/// As tcp_output::tcp_synack_options().
[[nodiscard]] inline tcp_out_options tcp_synack_options(tcp_sock& owner, const hdr_opt_segment& segment,
														u32 used) noexcept {
	return tcp_output<>::tcp_synack_options(owner, segment, used);
}
/// As tcp_output::tcp_established_options().
[[nodiscard]] inline tcp_out_options tcp_established_options(tcp_sock& tp, sk_buff* skb, u32 used,
															 u32 sack_blocks = 0) noexcept {
	return tcp_output<>::tcp_established_options(tp, skb, used, sack_blocks);
}
/// As tcp_output::tcp_current_mss().
[[nodiscard]] inline u32 tcp_current_mss(tcp_sock& tp, u32 used, u32 sack_blocks = 0) noexcept {
	return tcp_output<>::tcp_current_mss(tp, used, sack_blocks);
}

// hook/tcp_timers.hpp

/// As tcp_timers::retransmits_timed_out().
[[nodiscard]] inline bool retransmits_timed_out(tcp_sock& tp, u32 boundary, u32 timeout_ms) noexcept {
	return tcp_timers<>::retransmits_timed_out(tp, boundary, timeout_ms);
}
/// As tcp_timers::tcp_write_timeout().
[[nodiscard]] inline bool tcp_write_timeout(tcp_sock& tp) noexcept {
	return tcp_timers<>::tcp_write_timeout(tp);
}
/// As tcp_timers::tcp_retransmit_timer().
template <class Retransmit>
tcp_rto_outcome tcp_retransmit_timer(tcp_sock& tp, Retransmit&& retransmit) {
	return tcp_timers<>::tcp_retransmit_timer(tp, std::forward<Retransmit>(retransmit));
}

} // namespace sockops
