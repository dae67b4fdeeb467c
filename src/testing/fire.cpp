// SPDX-License-Identifier: MIT
// Any op on demand.

#include <sockops/testing/fire.hpp>

#include <algorithm>
#include <string>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_finding.hpp>
#include <sockops/hook/tcp_hook.hpp>

#include "fire_rules.hpp"
#include "withheld.hpp"

namespace sockops::testing {

namespace {

using hook = tcp_hook<traced<>>;

/// Keeps the one call that fire() makes, and what programs set and print in it, and why they were stopped.
class one_call final : public net_observer {
  public:
	one_call(net& in, fired& into) : into_(into), watching_(in, *this) {
		into.call.fate = trace_fate::key_off; // unless a record says otherwise: some calls end before it
	}

	/// Calls nested in it come first.
	void called(const trace_call& call) override { into_.call = call; }
	void option_set(const set_option& what) override { into_.options_set.push_back(make_option_call(what)); }
	bool printk(const char* text) override {
		into_.printk.emplace_back(text);
		return true;
	}
	bool fault(const bpf_fault& what) override {
		into_.faults.push_back(what.message);
		return true;
	}
	bool finding(const bpf_finding& what) override {
		into_.findings.push_back(what.message);
		return true;
	}

  private:
	fired& into_;
	const net_watch watching_;
};

/// False, and reported, where there is no socket for the op's context.
bool has_socket(bpf_sock_ops_op op, const sock_common& sk, const fire_options& with) {
	if (!sk.skc_net)
		illegal_use("fire",
					"%s on a socket of no net: tcp_init_sock() or inet_reqsk_init() it first; the "
					"result is empty",
					op_name(op));
	else if (!sk_fullsock(&sk) && !is_of_requests(op))
		illegal_use(
			"fire",
			"%s on a %s: it is of full sockets only, and .anyway cannot make one; the result is empty",
			op_name(op), sk.skc_state == TCP_NEW_SYN_RECV ? "request" : "time-wait socket");
	else if (!sk_fullsock(&sk) && !with.owner && !sk_to_full_sk(const_cast<sock_common*>(&sk)) &&
			 (op == BPF_SOCK_OPS_HDR_OPT_LEN_CB || op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB))
		illegal_use("fire",
					"%s on a request without a listener: say whose programs run, .owner; the result is empty",
					op_name(op));
	else
		return true;
	return false;
}

/// False, and reported, for what no kernel fires.
bool is_possible(bpf_sock_ops_op op, const sock_common& sk) {
	const std::string why = never_fired(op, sk.skc_state);
	const char* const remedy =
		find_op(op) ? "; set skc_state (a request is in NEW_SYN_RECV), or .anyway" : "";
	if (!why.empty())
		illegal_use("fire", "%s%s; the result is empty", why.c_str(), remedy);
	return why.empty();
}

/// False, and reported, for options that are to be written into no room.
bool has_room(bpf_sock_ops_op op, const fire_options& with) {
	if (op != BPF_SOCK_OPS_WRITE_HDR_OPT_CB || with.room != 0)
		return true;
	illegal_use("fire", "%s with .room 0: it fires only where bytes were reserved; the result is empty",
				op_name(op));
	return false;
}

/// A header of `len` bytes, zero but for its data offset and ACK.
struct bare_header {
	explicit bare_header(u32 len) {
		bytes[12] = static_cast<u8>(len / 4 << 4);
		bytes[13] = TCPHDR_ACK;
		skb.data = bytes.data();
		skb.len = len;
		skb.tcp_flags = TCPHDR_ACK;
	}
	std::array<u8, tcp_header_size + max_tcp_option_space> bytes{};
	sk_buff skb{};
};

tcp_sock* owner_of(sock_common& sk, const fire_options& with) {
	return with.owner ? with.owner : static_cast<tcp_sock*>(sk_to_full_sk(&sk));
}

/// The segment of a header option op; for a request its SYN-ACK.
hdr_opt_segment segment_of(sock_common& sk, const fire_options& with, sk_buff* skb) {
	request_sock* const req = sk_fullsock(&sk) ? nullptr : static_cast<request_sock*>(&sk);
	return {skb, req, with.syn_skb, with.synack_type};
}

void write_options(fired& answer, sock_common& sk, tcp_sock& owner, const fire_options& with) {
	const u32 area = (std::min(with.room, max_tcp_option_space) + 3) / 4 * 4;
	bare_header own(tcp_header_size + area);
	sk_buff* const skb = with.skb ? with.skb : &own.skb;
	hook::bpf_skops_write_hdr_opt(owner, segment_of(sk, with, skb), area);
	const u8* const end = skb->data + skb->tcp_header_len();
	answer.options.assign(end - std::min(area, skb->tcp_header_len()), end);
}

void time_stamp(bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	bare_header own(tcp_header_size);
	hook::tx_timestamp(static_cast<sock&>(sk), with.skb ? *with.skb : own.skb, op);
}

void parse_options(tcp_sock& tp, const fire_options& with) {
	bare_header own(tcp_header_size);
	sk_buff* const skb = with.skb ? with.skb : &own.skb;
	hook::call_with_segment(tp, BPF_SOCK_OPS_PARSE_HDR_OPT_CB, skb, skb->tcp_header_len());
}

void fire_one(fired& answer, bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	auto* const tp = static_cast<tcp_sock*>(&sk); // of a full socket
	tcp_sock* const owner = owner_of(sk, with);
	switch (op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		return hook::bpf_skops_established(*tp, op, with.skb);
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		return parse_options(*tp, with);
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		answer.reserved = hook::ask_hdr_opt_len(*owner, segment_of(sk, with, with.skb), with.room);
		return;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		return write_options(answer, sk, *owner, with);
	case BPF_SOCK_OPS_TSTAMP_SCHED_CB:
	case BPF_SOCK_OPS_TSTAMP_SND_SW_CB:
	case BPF_SOCK_OPS_TSTAMP_SND_HW_CB:
	case BPF_SOCK_OPS_TSTAMP_ACK_CB:
	case BPF_SOCK_OPS_TSTAMP_SENDMSG_CB:
		return time_stamp(op, sk, with);
	default:
		answer.reply = hook::tcp_call_bpf(&sk, op, op_nargs(op), with.args.data());
	}
}

std::vector<spoiled> all_spoiled(spoil_watch& watch, const sock_common& sk, const fired& answer) {
	std::vector<spoiled> all = watch.called(answer.call);
	for (const option_call& each : answer.options_set)
		if (std::optional<spoiled> taken = spoiled_by(watch, sk, each))
			all.push_back(*std::move(taken));
	return all;
}

} // namespace

std::string never_fired(u32 op, u8 state) {
	const op_info* const row = find_op(op);
	if (row && row->states >> state & 1)
		return {};
	if (!row || row->states == 0)
		return "op " + std::to_string(op) + " is one that nothing fires";
	std::string why = row->name;
	return why.append(" on a socket in ")
		.append(tcp_state_name(state))
		.append(": it fires in ")
		.append(states_text(row->states));
}

bool is_of_requests(u32 op) noexcept {
	const op_info* const row = find_op(op);
	return !row || (row->states & op_states::request);
}

fired fire(bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	fired answer;
	if (!has_socket(op, sk, with) || !has_room(op, with) || (!with.anyway && !is_possible(op, sk))) {
		answer.withheld = "fire() has refused it";
		return answer;
	}
	answer.withheld = why_withheld(op, sk, owner_of(sk, with), with);
	{
		const one_call watching(*sk.skc_net, answer);
		fire_one(answer, op, sk, with);
	}
	answer.allowed = answer.call.denied_by() == nullptr;
	spoil_watch alone;
	spoil_watch& watch = with.watch ? *with.watch : alone;
	if (const bpf_prog* const by = answer.call.answered_by())
		answer.answered_by = watch.name_of(*by);
	answer.spoiled = all_spoiled(watch, sk, answer);
	return answer;
}

} // namespace sockops::testing
