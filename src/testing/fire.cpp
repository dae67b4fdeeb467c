// SPDX-License-Identifier: MIT
// Any op on demand.

#include <sockops/testing/fire.hpp>

#include <algorithm>
#include <string>

#include <sockops/hook/tx_timestamps.hpp>

namespace sockops::testing {

namespace {

using policy = traced<>;

/// Catches the one call that fire() makes; calls nested in it come first.
class last_call final : public trace_sink {
  public:
	explicit last_call(net& in) : in_(in), before_(in.trace) {
		in.trace = this;
		seen.fate = trace_fate::key_off; // unless a record says otherwise: some calls end before it
	}
	~last_call() { in_.trace = before_; }
	last_call(const last_call&) = delete;
	last_call& operator=(const last_call&) = delete;

	void called(const trace_call& call) override {
		seen = call;
		if (before_)
			before_->called(call);
	}
	trace_call seen{};

  private:
	net& in_;
	trace_sink* const before_;
};

/// Collects what programs set and print meanwhile.
class watched_programs {
  public:
	watched_programs(net& in, fired& into) : in_(in), into_(into), options_(in.sockopts), printk_(in.printk) {
		in.sockopts = {option_set, this};
		in.printk = {line, this};
	}
	~watched_programs() {
		in_.sockopts = options_;
		in_.printk = printk_;
	}
	watched_programs(const watched_programs&) = delete;
	watched_programs& operator=(const watched_programs&) = delete;

  private:
	static void option_set(void* context, const sock_common& sk, u32 op, int level, int optname,
						   const void* value, int length, int result) noexcept {
		auto& self = *static_cast<watched_programs*>(context);
		self.into_.options_set.push_back(make_option_call(op, level, optname, value, length, result));
		if (self.options_.set)
			self.options_.set(self.options_.context, sk, op, level, optname, value, length, result);
	}
	static void line(void* context, const char* text) noexcept {
		auto& self = *static_cast<watched_programs*>(context);
		self.into_.printk.emplace_back(text);
		if (self.printk_.line)
			self.printk_.line(self.printk_.context, text);
	}

	net& in_;
	fired& into_;
	const sockopt_sink options_;
	const printk_sink printk_;
};

std::string states_text(u16 states) {
	std::string text;
	for (u32 state = 1; state != TCP_MAX_STATES; ++state)
		if (states >> state & 1)
			text.append(text.empty() ? "" : ", ").append(tcp_state_name(state));
	return text;
}

/// False, and reported, where there is no socket for the op's context.
bool has_socket(bpf_sock_ops_op op, const sock_common& sk, const fire_options& with) {
	const op_info* const row = find_op(op);
	if (!sk.skc_net)
		illegal_use("fire",
					"%s on a socket of no net: tcp_init_sock() or inet_reqsk_init() it first; the "
					"result is empty",
					op_name(op));
	else if (!sk_fullsock(&sk) && row && !(row->states & op_states::request))
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
	const op_info* const row = find_op(op);
	if (row && row->states >> sk.skc_state & 1)
		return true;
	if (!row || row->states == 0)
		illegal_use("fire", "op %u is one that nothing fires; the result is empty", static_cast<u32>(op));
	else
		illegal_use("fire",
					"%s on a socket in %s: it fires in %s; set skc_state (a request is in NEW_SYN_RECV), or "
					".anyway; the result is empty",
					row->name, tcp_state_name(sk.skc_state), states_text(row->states).c_str());
	return false;
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
	bpf_skops_write_hdr_opt<policy>(owner, segment_of(sk, with, skb), area);
	const u8* const end = skb->data + skb->tcp_header_len();
	answer.options.assign(end - std::min(area, skb->tcp_header_len()), end);
}

void time_stamp(bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	bare_header own(tcp_header_size);
	detail::tx_timestamp<policy>(static_cast<sock&>(sk), with.skb ? *with.skb : own.skb, op);
}

void parse_options(tcp_sock& tp, const fire_options& with) {
	bare_header own(tcp_header_size);
	sk_buff* const skb = with.skb ? with.skb : &own.skb;
	detail::call_with_segment<policy>(tp, BPF_SOCK_OPS_PARSE_HDR_OPT_CB, skb, skb->tcp_header_len());
}

void fire_one(fired& answer, bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	auto* const tp = static_cast<tcp_sock*>(&sk); // of a full socket
	tcp_sock* const owner = owner_of(sk, with);
	switch (op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		return bpf_skops_established<policy>(*tp, op, with.skb);
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		return parse_options(*tp, with);
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		answer.reserved = detail::ask_hdr_opt_len<policy>(*owner, segment_of(sk, with, with.skb), with.room);
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
		answer.reply = tcp_call_bpf<policy>(&sk, op, op_nargs(op), with.args.data());
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

fired fire(bpf_sock_ops_op op, sock_common& sk, const fire_options& with) {
	fired answer;
	if (!has_socket(op, sk, with) || !has_room(op, with) || (!with.anyway && !is_possible(op, sk)))
		return answer;
	last_call watching(*sk.skc_net);
	watched_programs also(*sk.skc_net, answer);
	fire_one(answer, op, sk, with);
	answer.call = watching.seen;
	answer.allowed = answer.call.denied_by() == nullptr;
	spoil_watch alone;
	spoil_watch& watch = with.watch ? *with.watch : alone;
	if (const bpf_prog* const by = answer.call.answered_by())
		answer.answered_by = watch.name_of(*by);
	answer.spoiled = all_spoiled(watch, sk, answer);
	return answer;
}

} // namespace sockops::testing
