// SPDX-License-Identifier: MIT

#include "play_recorder.hpp"

#include <algorithm>

#include <sockops/trace/call_text.hpp>

namespace sockops::testing {

void model::play_recorder::called(const trace_call& call) {
	if (into_.empty() || call.fate == trace_fate::no_listener || call.fate == trace_fate::time_wait)
		return; // no program can see these, wherever it is attached
	seen_call seen{};
	seen.time_ns = call.time_ns - model::virtual_clock::start;
	seen.op = call.op;
	seen.is_fullsock = call.is_fullsock;
	seen.state = call.state;
	std::copy(call.args, call.args + 4, seen.args);
	if (call.op == BPF_SOCK_OPS_RETRANS_CB)
		seen.args[0] -= isn_ ? *isn_ : 0;
	seen.cb_flags = call.op >= BPF_SOCK_OPS_TSTAMP_SCHED_CB ? u8{0} : call.at_start.cb_flags;
	seen.skb_len = call.skb_len;
	seen.skb_tcp_flags = call.skb_tcp_flags;
	seen.family = call.sk->skc_family;
	into_.back().calls[static_cast<std::size_t>(mine_)].push_back(seen);
	if (listener_)
		listener_->called(mine_, seen.time_ns, call);
}

void model::play_recorder::withheld(const trace_call& call) {
	if (listener_ && !into_.empty())
		listener_->withheld(mine_, call.time_ns - model::virtual_clock::start, call);
}

u64 model::play_recorder::now() const noexcept { return clock_.now() - model::virtual_clock::start; }

void model::play_recorder::option_set(const set_option& what) {
	if (listener_)
		listener_->option_set(mine_, now(), what.sk, make_option_call(what));
}

bool model::play_recorder::printk(const char* text) {
	return listener_ && listener_->printk(mine_, now(), text);
}

bool model::play_recorder::fault(const bpf_fault& what) {
	return listener_ && listener_->fault(mine_, now(), what);
}

bool model::play_recorder::finding(const bpf_finding& what) {
	return listener_ && listener_->found(mine_, now(), what);
}

void play_listener::event(u64, const timeline_event&) {}
void play_listener::called(side, u64, const trace_call&) {}
void play_listener::withheld(side, u64, const trace_call&) {}
void play_listener::fired(u64, const fired_op&) {}
void play_listener::ended(u64) {}
void play_listener::option_set(side, u64, const sock_common&, const option_call&) {}
void play_listener::freed(side, u64, const sock_common&) {}
bool play_listener::printk(side, u64, const char*) { return false; }
bool play_listener::fault(side, u64, const bpf_fault&) { return false; }
bool play_listener::found(side, u64, const bpf_finding&) { return false; }

std::string seen_call::text() const { return call_text(op, is_fullsock, args); }

namespace {

bool matches(const expected_call& expected, const seen_call& seen) {
	if (expected.op != seen.op || expected.is_fullsock != seen.is_fullsock)
		return false;
	const u32 first = args_shown(seen.op).first;
	for (std::size_t at = 0; at != expected.args.size(); ++at)
		if (expected.args[at] && *expected.args[at] != seen.args[first + at])
			return false;
	return true;
}

/// Four calls before the place where they part, and four from it on.
template <class Calls, class Text>
std::string around(const Calls& calls, std::size_t at, Text text_of) {
	const std::size_t first = at > 4 ? at - 4 : 0, last = std::min(calls.size(), at + 4);
	std::string text = first != 0 ? "…" : "";
	for (std::size_t one = first; one != last; ++one) {
		text += text.empty() ? "" : " ";
		text += one == at ? ">" : "";
		text += text_of(calls[one]);
	}
	if (at >= calls.size())
		text += text.empty() ? ">nothing" : " >nothing more";
	return text + (last < calls.size() ? " …" : "");
}

} // namespace

std::string model::compare(const expectation& expected, const std::vector<seen_call>& seen) {
	std::size_t at = 0;
	while (at < expected.calls.size() && at < seen.size() && matches(expected.calls[at], seen[at]))
		++at;
	if (at == expected.calls.size() && at == seen.size())
		return "";
	return "call " + std::to_string(at + 1) + " of the interval is another\n  expected  " +
		   around(expected.calls, at, [](const expected_call& call) { return call.text; }) +
		   "\n  seen      " + around(seen, at, [](const seen_call& call) { return call.text(); });
}

std::string played::report() const {
	std::string text;
	for (const difference& each : differences)
		text += "line " + std::to_string(each.line) + ", " + side_name(each.who) + ", after '" + each.event +
				"': " + each.what + "\n";
	return text;
}

std::string played::trace(const timeline& of) const {
	std::string text;
	for (std::size_t at = 0; at != intervals.size(); ++at) {
		text += "\t" + (at < of.events.size() ? of.events[at].text : std::string("?")) + "\n";
		for (const side who : {side::client, side::server}) {
			text += std::string("\t\t") + side_name(who) + ":";
			const auto& calls = intervals[at].calls[static_cast<std::size_t>(who)];
			for (const seen_call& call : calls)
				text += ' ' + call.text();
			text += calls.empty() ? " nothing\n" : "\n";
		}
	}
	return text;
}

} // namespace sockops::testing
