// SPDX-License-Identifier: MIT
// A recorded call in words.

#include <sockops/trace/explain.hpp>

#include <algorithm>
#include <cerrno>

#include <sockops/bpf/uapi.hpp>
#include <sockops/cgroup/where_attached.hpp>
#include <sockops/net/tcp_states.hpp>
#include <sockops/trace/spoiled.hpp>

#include "words.hpp"

namespace sockops {

namespace {

using detail::bytes, detail::join, detail::name_of, detail::number, detail::plural, detail::signed_number,
	detail::use_of, detail::use_of_result;

/// "on a request of /web, NEW_SYN_RECV"
std::string on_what(const trace_call& call) {
	const bool request = call.state == TCP_NEW_SYN_RECV;
	std::string words = request                       ? "on a request"
						: call.state == TCP_TIME_WAIT ? "on a time-wait socket"
													  : "on a socket";
	if (call.cgrp)
		words += " of " + call.cgrp->path();
	return words + ", " + tcp_state_name(call.state);
}

std::string why_nothing_ran(const trace_call& call) {
	switch (call.fate) {
	case trace_fate::key_off:
		return "no program ran: nothing is attached anywhere in the process";
	case trace_fate::no_program:
		return join({"no program ran: neither ", call.cgrp->path(), " nor a cgroup above it has one"});
	case trace_fate::time_wait:
		return "no program ran: a time-wait socket is not a full socket";
	case trace_fate::no_listener:
		return "no program ran: a request that a syncookie answers has no listener to find them by";
	case trace_fate::withheld:
		return join({"it was not called: the socket's flags are ", cb_flags_text(call.at_start.cb_flags),
					 ", and it takes ", cb_flags_text(op_table[call.op].gate)});
	case trace_fate::ran:
		break;
	}
	return {};
}

/// "reply 0 -> 50, flags none -> RTT_CB_FLAG, returned 1"
std::string what_it_did(const trace_call& call, const trace_step& step) {
	std::string words;
	if (step.before.reply != step.after.reply)
		words +=
			join({"reply ", signed_number(step.before.reply), " -> ", signed_number(step.after.reply), ", "});
	if (step.before.cb_flags != step.after.cb_flags)
		words += join({"flags ", cb_flags_text(step.before.cb_flags), " -> ",
					   cb_flags_text(step.after.cb_flags), ", "});
	if (const u32 taken = step.before.remaining_opt_len - step.after.remaining_opt_len)
		words += join({call.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB ? "reserved " : "wrote ", bytes(taken), ", "});
	if (step.refused_opt_len != 0)
		words +=
			join({call.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB ? "no room to reserve "
				  : step.refused_opt_error == -EEXIST    ? "an option of this kind was there: did not store "
														 : "no room to store ",
				  bytes(step.refused_opt_len), ", "});
	return join({words, "returned ", number(step.ret), step.ret == 0 ? ": it denied" : ""});
}

/// What happened to the header option space, all programs together.
std::string use_of_option_space(const trace_call& call) {
	const bool length = call.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB;
	const u32 taken =
		call.steps.empty() ? 0 : call.at_start.remaining_opt_len - call.steps.back().after.remaining_opt_len;
	if (const bpf_prog* denier = call.denied_by()) {
		if (taken == 0)
			return join({name_of(denier), "'s 0 had nothing to discard"});
		return join({name_of(denier), "'s 0 discarded the ", bytes(taken),
					 length ? " that were reserved" : " that were written: NOPs stand there"});
	}
	if (length)
		return join({bytes(taken), " asked for, ", bytes((taken + 3) / 4 * 4), " reserved"});
	return join({bytes(taken), " written, NOPs behind"});
}

/// The last program that wrote `reply`, denied or not.
const trace_step* last_writer(const trace_call& call) {
	const auto last = std::find_if(call.steps.rbegin(), call.steps.rend(), [](const trace_step& step) {
		return step.before.reply != step.after.reply;
	});
	return last == call.steps.rend() ? nullptr : &*last;
}

std::string where_from(const trace_call& call) {
	const trace_step* const writer = last_writer(call);
	if (const bpf_prog* denier = call.denied_by())
		return writer ? join({name_of(denier), "'s 0 discarded the reply ",
							  signed_number(writer->after.reply), " of ", name_of(writer->prog)})
					  : join({name_of(denier), "'s 0 discarded it"});
	if (writer)
		return join({"the reply of ", name_of(writer->prog)});
	return call.args[0] ? "args[0], with which the reply shares its word" : "nobody wrote a reply";
}

std::string result_in_words(const trace_call& call, const std::vector<spoiled>& lost) {
	const std::string result = join({"The result is ", std::to_string(call.result), ": "});
	if (use_of(call.op) == reply_use::allow_only)
		return join({result, use_of_option_space(call), ".\n"});
	for (const spoiled& each : lost)
		if (each.what == spoil::discarded_reply)
			return join({result, each.text, ".\n"});
	return join({result, where_from(call), "; ", use_of_result(call, call.result), ".\n"});
}

/// What the result does not say of it.
std::string spoiled_in_words(const trace_call& call, const std::vector<spoiled>& lost) {
	std::string text;
	for (const spoiled& each : lost)
		if (each.what != spoil::discarded_reply && !(each.what == spoil::dropped_options && call.denied_by()))
			text += join({each.text, ".\n"});
	return text;
}

} // namespace

std::string cb_flags_text(u8 flags) {
	std::string words;
	for (const cb_flag_info& row : cb_flag_table)
		if (flags & row.flag)
			words += join({words.empty() ? "" : "|", row.name});
	return words.empty() ? "none" : words;
}

std::string call_text(const trace_call& call) { return call_text(call.op, call.is_fullsock, call.args); }

std::string explain(const trace_call& call) {
	const std::string what = join({op_name(call.op), " ", on_what(call), ": "});
	if (call.steps.empty() && call.fate == trace_fate::withheld)
		return join({what, why_nothing_ran(call), ".\n"});
	std::string text = join({what,
							 call.steps.empty() ? why_nothing_ran(call)
												: plural(call.steps.size(), "program", "programs") + " ran",
							 ".\n"});
	std::size_t widest = 0;
	for (const trace_step& step : call.steps)
		widest = std::max(widest, name_of(step.prog).size());
	for (const trace_step& step : call.steps) {
		std::string name = name_of(step.prog);
		name.resize(widest, ' ');
		text += join({"  ", name, "  ", what_it_did(call, step), "\n"});
	}
	const std::vector<spoiled> lost = spoiled_in(call);
	return text + result_in_words(call, lost) + spoiled_in_words(call, lost);
}

std::string explain(const trace_call& call, const bpf_prog& prog) {
	std::string did;
	for (const trace_step& step : call.steps)
		if (step.prog == &prog)
			did += join({name_of(&prog), " ran: ", what_it_did(call, step), ".\n"});
	if (!did.empty())
		return did;
	std::string why;
	if (!call.sk) { // an empty record
		why = "nothing was called";
	} else if (call.fate == trace_fate::ran || call.fate == trace_fate::no_program) {
		std::string places;
		for (const std::string& path : where_attached(*call.cgrp, prog))
			places += join({places.empty() ? "" : ", ", path});
		why = places.empty()
				  ? "it is attached nowhere in this tree"
				  : join({"it is attached in ", places, ", and the socket is in ", call.cgrp->path()});
	} else {
		why = why_nothing_ran(call);
	}
	return join({name_of(&prog), " did not run: ", why, ".\n"});
}

} // namespace sockops
