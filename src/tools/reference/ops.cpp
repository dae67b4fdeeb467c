// SPDX-License-Identifier: MIT
#include <cstring>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/net/tcp_states.hpp>

#include "markdown.hpp"
#include "op_facts.hpp"
#include "page.hpp"

namespace sockops_reference {

namespace {

using namespace sockops;

std::string states(u16 set) {
	std::vector<std::string> names;
	for (u32 state = 0; state != TCP_MAX_STATES; ++state)
		if (state != TCP_NEW_SYN_RECV && (set >> state & 1))
			names.push_back(tcp_state_name(state));
	return in_a_list(names);
}

bool counts_as_locked(u32 op) { return (helper_ops::locked_ops >> op & 1) != 0; }

std::string sockets(const op_info& row) {
	const bool request = row.states & op_states::request;
	std::string text = "a full socket (`is_fullsock` 1) in " + states(row.states & ~op_states::request);
	if (!counts_as_locked(row.op))
		return text + "; it counts as not locked, so that fields with the guard `locked` read 0";
	return request ? text + ", locked; or a request (`is_fullsock` 0, state NEW_SYN_RECV), which is not"
				   : text + ", locked";
}

std::string gate(const op_info& row) {
	std::string text;
	for (const cb_flag_info& each : cb_flag_table)
		if (row.gate & each.flag)
			text.append(text.empty() ? "" : " or ").append(code("BPF_SOCK_OPS_" + std::string(each.name)));
	return text;
}

/// Does the caller ask for it, and what if there is none?
std::string reply(reply_use use) {
	switch (use) {
	case reply_use::jiffies:
		return "counts: jiffies. 0, below, or none: 1 s. At most 120 s (but in a profile older than that "
			   "limit, `net_profile::clamp_timeout_init`)";
	case reply_use::packets:
		return "counts: packets (times the MSS: bytes). 0, below, or none: the stack's own window";
	case reply_use::exactly_one:
		return "counts: 1 is yes. All else, and none, is no";
	case reply_use::microseconds:
		return "counts: microseconds. 0, below, or none: it is measured";
	case reply_use::allow_only:
		return "does not count; that a program returns 0 does: then nothing is reserved, or nothing of what "
			   "was stored is sent";
	case reply_use::ignored:
		break;
	}
	return "does not count";
}
std::string reply_in_a_word(reply_use use) {
	constexpr const char* words[] = {"-", "jiffies", "packets", "1: yes", "microseconds", "-"};
	return words[static_cast<unsigned>(use)];
}

std::string arguments(const op_info& row, const op_facts& facts) {
	std::string text;
	for (u32 i = 0; i != op_nargs(row.op); ++i)
		text.append("\n  - `args[")
			.append(std::to_string(i))
			.append("]`, ")
			.append(row.args[i])
			.append(": ")
			.append(facts.args[i]);
	return text.empty() ? "none" : text;
}

std::string short_arguments(const op_info& row) {
	std::vector<std::string> names;
	for (u32 i = 0; i != op_nargs(row.op); ++i)
		names.push_back(row.args[i]);
	return names.empty() ? "-" : in_a_list(names);
}

/// Of the helpers that do not do their work in every op.
std::string helpers(u32 op, bool work_here) {
	std::vector<std::string> names;
	for (const bpf_helper& each : bpf_helpers)
		if (each.ops != helper_ops::all_ops && helper_works_in(each, op) == work_here)
			names.push_back(
				code(each.name) +
				(work_here ? "" : " (" + code("-" + std::string(::strerrorname_np(each.elsewhere))) + ")"));
	return in_a_list(names);
}

std::string lower_case(std::string text) {
	for (char& each : text)
		if (each >= 'A' && each <= 'Z')
			each = static_cast<char>(each | 0x20);
	return text;
}

std::string section(const op_info& row, const op_facts& facts) {
	return "## " + std::string(row.name) + "\n\n" + item("when", facts.when) +
		   item("number", std::to_string(row.op) + ", since " + release_number(row.since)) +
		   item("called with", sockets(row)) + item("segment", facts.segment) +
		   item("flag", row.gate ? gate(row) + ": without it the op does not fire" : "none") +
		   item("arguments", arguments(row, facts)) + item("reply", reply(row.reply)) +
		   item("fired by", "`" + std::string(facts.site) + "()` of [`hook/" + facts.header + "`](../hook/" +
								facts.header + ")") +
		   item("helpers for this op", helpers(row.op, true)) +
		   item("helpers that answer an error here", helpers(row.op, false)) + "\n";
}

} // namespace

std::string ops_page() {
	std::string text = page_head("Ops",
								 "For who writes a program, or a stack that calls one: each op, when it "
								 "fires and what its reply does.\n"
								 "VOID, number 0, never fires.",
								 "bpf/uapi.hpp");
	text += "The names here are without their prefix, `BPF_SOCK_OPS_`. All [helpers](helpers.md) may be "
			"called in each\n"
			"op; those named below do their work in some. A program that returns 0 denies: the caller gets "
			"-1 in place\n"
			"of the reply.\n\n";
	text += table({"op", "number", "since", "flag", "arguments", "reply"});
	for (const op_info& each : op_table)
		if (each.op != BPF_SOCK_OPS_VOID)
			text += row({"[" + std::string(each.name) + "](#" + lower_case(each.name) + ")",
						 std::to_string(each.op), release_number(each.since), each.gate ? "yes" : "-",
						 short_arguments(each), reply_in_a_word(each.reply)});
	text += "\n";
	for (const op_info& each : op_table)
		if (each.op != BPF_SOCK_OPS_VOID)
			text += section(each, all_op_facts[each.op]);
	return text + "Next: [helpers](helpers.md), [fields of the context](fields.md).\n";
}

} // namespace sockops_reference
