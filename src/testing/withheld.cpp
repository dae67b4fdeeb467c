// SPDX-License-Identifier: MIT
#include "withheld.hpp"

#include <sockops/hook/tx_timestamps.hpp>
#include <sockops/net/tcp_options.hpp>
#include <sockops/trace/explain.hpp>

namespace sockops::testing {

namespace {

/// Written are the bytes that HDR_OPT_LEN_CB has reserved: without its flag there are none.
const op_info& row_with_flag(bpf_sock_ops_op op) noexcept {
	return op_table[op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB ? BPF_SOCK_OPS_HDR_OPT_LEN_CB : op];
}

std::string without_flag(bpf_sock_ops_op op, const tcp_sock& owner, bool is_request) {
	const op_info& row = row_with_flag(op);
	std::string text(is_request ? "the listener's" : "the socket's");
	text.append(" flag for it is clear: the flags are ").append(cb_flags_text(owner.bpf_sock_ops_cb_flags));
	text.append(", and ").append(row.name).append(" takes ").append(cb_flags_text(row.gate));
	return text.append(
		"; bpf_sock_ops_cb_flags_set() in an earlier callback sets it, or the test (cb_flags)");
}

/// PARSE_UNKNOWN_HDR_OPT_CB_FLAG alone is for segments that have one.
bool is_of_no_interest(const tcp_sock& tp, const sk_buff* skb) noexcept {
	const bool all = tp.bpf_sock_ops_cb_flags & BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
	return !all && !tp.saw_unknown && !(skb && tcp_saw_unknown_option(*skb));
}

/// Of time stamps. A segment that the test has not made is taken for one of a send that was sampled, which
/// takes the socket's flag.
std::string not_stamped(bpf_sock_ops_op op, const sock_common& sk, const sk_buff* skb) {
	const bool of_send = op == BPF_SOCK_OPS_TSTAMP_SENDMSG_CB;
	if (skb && !of_send) {
		const bool sampled = op == BPF_SOCK_OPS_TSTAMP_ACK_CB ? skb->ack_bpf : skb->tx_bpf;
		return sampled ? ""
					   : "the segment is of no sampled send: bpf_sock_ops_enable_tx_tstamp() in "
						 "TSTAMP_SENDMSG_CB samples one";
	}
	if (static_cast<const sock&>(sk).sk_bpf_cb_flags & SK_BPF_CB_TX_TIMESTAMPING)
		return {};
	return "the socket's flag for it is clear: bpf_setsockopt() of SK_BPF_CB_FLAGS to "
		   "SK_BPF_CB_TX_TIMESTAMPING "
		   "sets it";
}

} // namespace

std::string states_text(u16 states) {
	std::string text;
	for (u32 state = 1; state != TCP_MAX_STATES; ++state)
		if (states >> state & 1)
			text.append(text.empty() ? "" : ", ").append(tcp_state_name(state));
	return text;
}

std::string why_withheld(bpf_sock_ops_op op, const sock_common& sk, const tcp_sock* owner,
						 const fire_options& with) {
	const op_info* const row = find_op(op);
	if (!row || row->states == 0)
		return "no stack calls an op of this number";
	if (!(row->states >> sk.skc_state & 1))
		return std::string("it fires in ")
			.append(states_text(row->states))
			.append(", and the socket is in ")
			.append(tcp_state_name(sk.skc_state));
	const u8 gate = row_with_flag(op).gate;
	if (gate != 0 && owner && !(owner->bpf_sock_ops_cb_flags & gate))
		return without_flag(op, *owner, !sk_fullsock(&sk));
	if (op == BPF_SOCK_OPS_PARSE_HDR_OPT_CB && is_of_no_interest(*owner, with.skb))
		return "the segment has no option that TCP does not know, and of its flags only "
			   "PARSE_UNKNOWN_HDR_OPT_CB_FLAG is set; give it one (skb), or set PARSE_ALL_HDR_OPT_CB_FLAG";
	if (op >= BPF_SOCK_OPS_TSTAMP_SCHED_CB)
		return not_stamped(op, sk, with.skb);
	return {};
}

} // namespace sockops::testing
