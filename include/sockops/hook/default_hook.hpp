// SPDX-License-Identifier: MIT
// The call sites of the default release (bpf/release.hpp) as functions, for a stack that needs no other and
// is not observed. What each does, and when it is called: the members of the same name, in the headers named
// here.
#pragma once

#include <utility>

#include <sockops/hook/tcp_hook.hpp>

namespace sockops {

// hook/dispatch.hpp

inline int tcp_call_bpf_2arg(sock_common* sk, int op, u32 arg1, u32 arg2) noexcept {
	return tcp_dispatch<>::tcp_call_bpf_2arg(sk, op, arg1, arg2);
}
inline int tcp_call_bpf_3arg(sock_common* sk, int op, u32 arg1, u32 arg2, u32 arg3) noexcept {
	return tcp_dispatch<>::tcp_call_bpf_3arg(sk, op, arg1, arg2, arg3);
}
inline int tcp_call_bpf(sock_common* sk, int op, u32 nargs, const u32* args) noexcept {
	return tcp_dispatch<>::tcp_call_bpf(sk, op, nargs, args);
}
[[nodiscard]] inline int bpf_cgroup_run_prog_sock_ops(bpf_sock_ops_kern* ctx) noexcept {
	return tcp_dispatch<>::bpf_cgroup_run_prog_sock_ops(ctx);
}
[[nodiscard]] inline int bpf_cgroup_run_prog_sock_ops_sk(bpf_sock_ops_kern* ctx, sock* sk) noexcept {
	return tcp_dispatch<>::bpf_cgroup_run_prog_sock_ops_sk(ctx, sk);
}
[[nodiscard]] inline int cgroup_bpf_run_filter_sock_ops(sock* sk, bpf_sock_ops_kern* ctx,
														cgroup_bpf_attach_type type) noexcept {
	return tcp_dispatch<>::cgroup_bpf_run_filter_sock_ops(sk, ctx, type);
}

// hook/call_sites.hpp

[[nodiscard]] inline u32 tcp_timeout_init(sock_common* sk) noexcept {
	return tcp_call_sites<>::tcp_timeout_init(sk);
}
[[nodiscard]] inline u32 tcp_rwnd_init_bpf(sock_common* sk) noexcept {
	return tcp_call_sites<>::tcp_rwnd_init_bpf(sk);
}
[[nodiscard]] inline bool tcp_bpf_ca_needs_ecn(sock_common* sk) noexcept {
	return tcp_call_sites<>::tcp_bpf_ca_needs_ecn(sk);
}
[[nodiscard]] inline u32 tcp_bpf_base_rtt(tcp_sock& tp) noexcept {
	return tcp_call_sites<>::tcp_bpf_base_rtt(tp);
}
[[nodiscard]] inline tcp_nv_base tcp_nv_init(tcp_sock& tp) noexcept {
	return tcp_call_sites<>::tcp_nv_init(tp);
}
inline void tcp_bpf_connect(tcp_sock& tp) noexcept { tcp_call_sites<>::tcp_bpf_connect(tp); }
inline void tcp_bpf_listen(tcp_sock& tp) noexcept { tcp_call_sites<>::tcp_bpf_listen(tp); }
template <bpf_sock_ops_op Op>
[[nodiscard]] bool bpf_sock_ops_wanted(const tcp_sock& tp) noexcept {
	return tcp_call_sites<>::bpf_sock_ops_wanted<Op>(tp);
}
inline void bpf_skops_established(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb = nullptr) noexcept {
	tcp_call_sites<>::bpf_skops_established(tp, op, skb);
}
inline void tcp_bpf_state(tcp_sock& tp, u32 new_state) noexcept {
	tcp_call_sites<>::tcp_bpf_state(tp, new_state);
}
inline void tcp_bpf_rtt(tcp_sock& tp, u32 mrtt_us, u32 srtt_us_8) noexcept {
	tcp_call_sites<>::tcp_bpf_rtt(tp, mrtt_us, srtt_us_8);
}
inline void tcp_bpf_rto(tcp_sock& tp, u32 retransmits, u32 rto_jiffies, bool expired) noexcept {
	tcp_call_sites<>::tcp_bpf_rto(tp, retransmits, rto_jiffies, expired);
}
inline void tcp_bpf_retrans(tcp_sock& tp, u32 seq, u32 segs, int error) noexcept {
	tcp_call_sites<>::tcp_bpf_retrans(tp, seq, segs, error);
}

// hook/header_options.hpp

[[nodiscard]] inline u32 bpf_skops_hdr_opt_len(tcp_sock& owner, const hdr_opt_segment& segment,
											   u32 remaining) noexcept {
	return tcp_header_options<>::bpf_skops_hdr_opt_len(owner, segment, remaining);
}
inline void bpf_skops_write_hdr_opt(tcp_sock& owner, const hdr_opt_segment& segment, u32 reserved) noexcept {
	tcp_header_options<>::bpf_skops_write_hdr_opt(owner, segment, reserved);
}
inline void bpf_skops_parse_hdr(tcp_sock& tp, sk_buff& skb) noexcept {
	tcp_header_options<>::bpf_skops_parse_hdr(tp, skb);
}

// hook/tx_timestamps.hpp

inline void tcp_bpf_tx_sendmsg(tcp_sock& tp, sk_buff& tail) noexcept {
	tcp_tx_timestamps<>::tcp_bpf_tx_sendmsg(tp, tail);
}
inline void skb_tx_sched(sk_buff& skb) noexcept { tcp_tx_timestamps<>::skb_tx_sched(skb); }
inline void skb_tx_software(sk_buff& skb) noexcept { tcp_tx_timestamps<>::skb_tx_software(skb); }
inline void skb_tx_hardware(sk_buff& skb, u64 hwtstamp_ns) noexcept {
	tcp_tx_timestamps<>::skb_tx_hardware(skb, hwtstamp_ns);
}
inline void tcp_ack_tstamp(tcp_sock& tp, sk_buff& skb, u32 prior_snd_una) noexcept {
	tcp_tx_timestamps<>::tcp_ack_tstamp(tp, skb, prior_snd_una);
}

// hook/tcp_events.hpp

inline void tcp_time_wait(tcp_sock& tp) noexcept { tcp_events<>::tcp_time_wait(tp); }
inline void tcp_set_state(tcp_sock& tp, tcp_state state) noexcept { tcp_events<>::tcp_set_state(tp, state); }
[[nodiscard]] inline int inet_listen(tcp_sock& tp) noexcept { return tcp_events<>::inet_listen(tp); }
[[nodiscard]] inline tcp_syn_params tcp_connect(tcp_sock& tp, bool repair = false) noexcept {
	return tcp_events<>::tcp_connect(tp, repair);
}
inline void tcp_init_transfer(tcp_sock& tp, bpf_sock_ops_op op, sk_buff* skb) noexcept {
	tcp_events<>::tcp_init_transfer(tp, op, skb);
}
inline void tcp_finish_connect(tcp_sock& tp, sk_buff* synack = nullptr) noexcept {
	tcp_events<>::tcp_finish_connect(tp, synack);
}
[[nodiscard]] inline tcp_syn_params tcp_conn_request(request_sock& req, tcp_syn_ecn ecn,
													 bool fast_open = false) noexcept {
	return tcp_events<>::tcp_conn_request(req, ecn, fast_open);
}
[[nodiscard]] inline bool tcp_simultaneous_open(tcp_sock& tp, bool ecn_negotiated,
												bool ca_needs_ecn) noexcept {
	return tcp_events<>::tcp_simultaneous_open(tp, ecn_negotiated, ca_needs_ecn);
}
inline void tcp_fastopen_create_child(tcp_sock& child, sk_buff& syn) noexcept {
	tcp_events<>::tcp_fastopen_create_child(child, syn);
}
[[nodiscard]] inline bool tcp_synack_ect(request_sock& req, bool tos_is_ect) noexcept {
	return tcp_events<>::tcp_synack_ect(req, tos_is_ect);
}
inline void tcp_child_established(tcp_sock& child, sk_buff* ack = nullptr) noexcept {
	tcp_events<>::tcp_child_established(child, ack);
}
inline void tcp_disconnect(tcp_sock& tp) noexcept { tcp_events<>::tcp_disconnect(tp); }
inline void tcp_rtt_sample(tcp_sock& tp, u32 mrtt_us, u32 new_srtt_us_8) noexcept {
	tcp_events<>::tcp_rtt_sample(tp, mrtt_us, new_srtt_us_8);
}
template <class Transmit>
int tcp_retransmit_skb(tcp_sock& tp, u32 seq, u32 segs, int refused, Transmit&& transmit) {
	return tcp_events<>::tcp_retransmit_skb(tp, seq, segs, refused, std::forward<Transmit>(transmit));
}

// hook/tcp_output.hpp

[[nodiscard]] inline tcp_out_options tcp_syn_options(tcp_sock& tp, sk_buff& skb, u32 used) noexcept {
	return tcp_output<>::tcp_syn_options(tp, skb, used);
}
[[nodiscard]] inline tcp_out_options tcp_synack_options(tcp_sock& owner, const hdr_opt_segment& segment,
														u32 used) noexcept {
	return tcp_output<>::tcp_synack_options(owner, segment, used);
}
[[nodiscard]] inline tcp_out_options tcp_established_options(tcp_sock& tp, sk_buff* skb, u32 used,
															 u32 sack_blocks = 0) noexcept {
	return tcp_output<>::tcp_established_options(tp, skb, used, sack_blocks);
}
[[nodiscard]] inline u32 tcp_current_mss(tcp_sock& tp, u32 used, u32 sack_blocks = 0) noexcept {
	return tcp_output<>::tcp_current_mss(tp, used, sack_blocks);
}

// hook/tcp_timers.hpp

[[nodiscard]] inline bool retransmits_timed_out(tcp_sock& tp, u32 boundary, u32 timeout_ms) noexcept {
	return tcp_timers<>::retransmits_timed_out(tp, boundary, timeout_ms);
}
[[nodiscard]] inline bool tcp_write_timeout(tcp_sock& tp) noexcept {
	return tcp_timers<>::tcp_write_timeout(tp);
}
template <class Retransmit>
tcp_rto_outcome tcp_retransmit_timer(tcp_sock& tp, Retransmit&& retransmit) {
	return tcp_timers<>::tcp_retransmit_timer(tp, std::forward<Retransmit>(retransmit));
}

} // namespace sockops
