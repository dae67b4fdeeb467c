// SPDX-License-Identifier: MIT
// The rules of who spoils whom.
#include <sockops/trace/spoiled.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sockops/trace/explain.hpp>

#include "words.hpp"

namespace sockops {

namespace {

using detail::bytes, detail::counts_as_reply, detail::join, detail::name_of, detail::number,
	detail::signed_number, detail::use_of, detail::use_of_result;

bool has_written_reply(const trace_step& step) noexcept { return step.before.reply != step.after.reply; }
u32 bytes_of(const trace_step& step) noexcept {
	return step.before.remaining_opt_len - step.after.remaining_opt_len;
}

/// "a", "a and b", "a, b and c".
std::string in_words(const std::vector<std::string>& names) {
	std::string text;
	for (const std::string& each : names)
		text += join({text.empty() ? "" : &each == &names.back() ? " and " : ", ", each});
	return text;
}

bool contains(const std::vector<std::string>& names, const std::string& one) {
	return std::find(names.begin(), names.end(), one) != names.end();
}

/// Does the op size or write header options?
bool is_about_options(u32 op) noexcept { return use_of(op) == reply_use::allow_only; }
bool is_sizing(u32 op) noexcept { return op == BPF_SOCK_OPS_HDR_OPT_LEN_CB; }

} // namespace

/// One call, rule by rule.
struct spoil_watch::call_rules {
	const trace_call& call;
	const spoil_watch& watch;
	of_socket& known;
	std::vector<spoiled> found{};

	using names = std::vector<std::string>;
	std::string name(const trace_step& step) const { return watch.name_of(*step.prog); }
	void add(spoil what, names of, names by, s64 value, std::string text) {
		found.push_back({what, std::move(of), std::move(by), value, std::move(text)});
	}

	names deniers() const {
		names all;
		for (const trace_step& step : call.steps)
			if (step.ret == 0)
				all.push_back(name(step));
		return all;
	}
	/// Did nobody else deny?
	bool denied_itself(const trace_step& it) const {
		return std::all_of(call.steps.begin(), call.steps.end(),
						   [&](const trace_step& step) { return step.ret != 0 || step.prog == it.prog; });
	}

	/// Each reply that meant something, and what came of it.
	void replies() {
		const trace_step* last = nullptr;
		for (const trace_step& step : call.steps) {
			if (!has_written_reply(step))
				continue;
			if (last && last->prog != step.prog && counts_as_reply(call, last->after.reply))
				replaced(*last, step);
			last = &step;
		}
		const names denied = deniers();
		if (!last || denied.empty() || !counts_as_reply(call, last->after.reply))
			return;
		const std::string of = name(*last);
		const bool own = denied_itself(*last);
		add(spoil::discarded_reply, {of}, denied, static_cast<s32>(last->after.reply),
			join({in_words(denied), " returned 0: ", own ? "its own" : "the", " reply ",
				  signed_number(last->after.reply), own ? "" : " of ", own ? "" : of, " is discarded, ",
				  use_of_result(call, -1)}));
	}
	void replaced(const trace_step& old, const trace_step& by) {
		const bool counts = counts_as_reply(call, by.after.reply);
		add(spoil::replaced_reply, {name(old)}, {name(by)}, static_cast<s32>(old.after.reply),
			join({name(by), " replaced the reply ", signed_number(old.after.reply), " of ", name(old), " by ",
				  signed_number(by.after.reply), counts ? "" : ", which is none: ",
				  counts ? "" : use_of_result(call, static_cast<s32>(by.after.reply))}));
	}

	/// The reply is args[0]: who runs later finds there what was replied.
	void arguments() {
		if (op_nargs(call.op) == 0)
			return;
		const trace_step* writer = nullptr;
		names readers;
		for (const trace_step& step : call.steps) {
			if (writer && step.prog != writer->prog && step.before.reply != call.at_start.reply)
				readers.push_back(name(step));
			if (!has_written_reply(step))
				continue;
			changed(writer, std::exchange(readers, {}));
			writer = &step;
		}
		changed(writer, std::move(readers));
	}
	void changed(const trace_step* writer, names readers) {
		if (!writer || readers.empty())
			return;
		std::string text =
			join({name(*writer), "'s reply stands in args[0]: ", in_words(readers),
				  readers.size() == 1 ? " finds " : " find ", signed_number(writer->after.reply), " for ",
				  find_op(call.op)->args[0], " ", signed_number(call.args[0])});
		add(spoil::changed_argument, std::move(readers), {name(*writer)}, static_cast<s32>(call.args[0]),
			std::move(text));
	}

	void flags() {
		for (const trace_step& step : call.steps) {
			const u8 taken = step.before.cb_flags & ~step.after.cb_flags;
			const u8 set = step.after.cb_flags & ~step.before.cb_flags;
			std::map<std::string, u8> of;
			for (u32 bit = 0; bit != known.flags.size(); ++bit) {
				owner& whose_bit = known.flags[bit];
				if (taken >> bit & 1) {
					if (whose_bit.prog && whose_bit.prog != step.prog)
						of[whose_bit.name] |= static_cast<u8>(1u << bit);
					whose_bit = {};
				}
				if (set >> bit & 1)
					whose_bit = {step.prog, name(step)};
			}
			for (const auto& [owner_name, bits] : of)
				add(spoil::taken_flags, {owner_name}, {name(step)}, bits,
					join({name(step), " set the flags to ", cb_flags_text(step.after.cb_flags), ": ",
						  cb_flags_text(bits), " of ", owner_name, " is gone"}));
		}
	}

	void header_options() {
		if (!is_about_options(call.op))
			return;
		const names denied = deniers();
		for (const trace_step& step : call.steps) {
			if (step.refused_opt_len != 0)
				refused(step);
			if (!denied.empty() && bytes_of(step) != 0)
				discarded(step, denied);
			else if (denied.empty() && !is_sizing(call.op))
				unwritten(step);
		}
		remember_reserved(denied.empty());
	}
	void discarded(const trace_step& step, const names& denied) {
		const std::string of = name(step);
		const bool own = denied_itself(step);
		add(spoil::dropped_options, {of}, denied, bytes_of(step),
			join(
				{in_words(denied), " returned 0: the ", bytes(bytes_of(step)), " that ", own ? "it" : of,
				 is_sizing(call.op) ? " reserved are discarded" : " wrote are discarded, NOPs stand there"}));
	}
	u32 reserved_by(const bpf_prog* prog) const {
		const auto known_bytes = known.reserved.find(prog);
		return known_bytes == known.reserved.end() ? 0 : known_bytes->second;
	}
	/// Only if the bytes of programs before it left no room. One that stores what it has reserved takes
	/// nobody's, as far as that was seen.
	void refused(const trace_step& step) {
		names by;
		u32 taken = 0;
		const bool is_room = step.refused_opt_error == -ENOSPC;
		const bool reserved_is_known = !is_sizing(call.op) && !known.reserved.empty();
		for (const trace_step* each = call.steps.data(); each != &step; ++each) {
			const bool own_room = reserved_is_known && bytes_of(*each) <= reserved_by(each->prog);
			if (each->prog == step.prog || bytes_of(*each) == 0 || (is_room && own_room))
				continue;
			taken += bytes_of(*each);
			if (!contains(by, name(*each)))
				by.push_back(name(*each));
		}
		if (by.empty())
			return;
		const bool sizing = is_sizing(call.op);
		add(spoil::dropped_options, {name(step)}, by, step.refused_opt_len,
			join({name(step), " could not ", sizing ? "reserve " : "store ", bytes(step.refused_opt_len),
				  ": ", in_words(by),
				  !is_room ? " wrote an option of this kind"
				  : sizing ? " reserved "
						   : " wrote ",
				  !is_room ? "" : join({number(taken), " of ", number(call.at_start.remaining_opt_len)})}));
	}
	/// Reserved, and nothing was stored: bytes that each segment carries for nothing.
	void unwritten(const trace_step& step) {
		u32 wrote = 0;
		for (const trace_step& each : call.steps) // a program may be attached twice
			wrote += each.prog == step.prog ? bytes_of(each) : 0;
		const u32 reserved = reserved_by(step.prog);
		if (wrote >= reserved || step.refused_opt_len != 0)
			return;
		add(spoil::dropped_options, {name(step)}, {name(step)}, reserved - wrote,
			join({name(step), " reserved ", bytes(reserved), " and wrote ",
				  wrote == 0 ? "none" : number(wrote), ": NOPs stand there"}));
	}
	void remember_reserved(bool allowed) {
		if (call.args[0] == BPF_WRITE_HDR_TCP_CURRENT_MSS)
			return; // nothing is sent
		known.reserved.clear();
		if (is_sizing(call.op) && allowed)
			for (const trace_step& step : call.steps)
				if (bytes_of(step) != 0)
					known.reserved[step.prog] += bytes_of(step);
	}
};

const char* spoil_name(spoil what) noexcept {
	constexpr const char* names[] = {"discarded_reply", "replaced_reply",   "taken_flags",
									 "dropped_options", "changed_argument", "replaced_option"};
	return names[static_cast<std::size_t>(what)];
}

std::span<const spoil> all_spoils() noexcept {
	static constexpr spoil all[] = {spoil::discarded_reply, spoil::replaced_reply,   spoil::taken_flags,
									spoil::dropped_options, spoil::changed_argument, spoil::replaced_option};
	return all;
}

spoil_watch::spoil_watch(program_namer namer) : namer_(std::move(namer)) {}

std::string spoil_watch::name_of(const bpf_prog& prog) const {
	return namer_ ? namer_(prog) : sockops::name_of(&prog);
}

std::vector<spoiled> spoil_watch::called(const trace_call& call) {
	if (call.steps.empty())
		return {};
	of_socket& known = sockets_[call.sk];
	const bool is_child = call.state == TCP_SYN_RECV && listeners_.contains(call.cgrp);
	for (u32 bit = 0; bit != known.flags.size(); ++bit)
		if (!(call.at_start.cb_flags >> bit & 1))
			known.flags[bit] = {};
		else if (is_child && !known.flags[bit].prog)
			known.flags[bit] = listeners_[call.cgrp][bit];
	call_rules rules{call, *this, known};
	rules.replies();
	rules.arguments();
	rules.flags();
	rules.header_options();
	if (call.state == TCP_LISTEN)
		listeners_[call.cgrp] = known.flags;
	return std::move(rules.found);
}

std::optional<spoiled> spoil_watch::option_set(const sock_common& sk, const bpf_prog& by, int level,
											   int optname, const std::string& name,
											   const std::string& value) {
	set_option& known = sockets_[&sk].options[{level, optname}];
	const set_option before = std::exchange(known, {{&by, name_of(by)}, value});
	if (!before.by.prog || before.by.prog == &by || before.value == value)
		return std::nullopt;
	std::string text =
		join({known.by.name, " set ", name, "=", value, " over the ", before.value, " of ", before.by.name});
	return spoiled{spoil::replaced_option, {before.by.name}, {known.by.name}, optname, std::move(text)};
}

void spoil_watch::forget(const sock_common& sk) { sockets_.erase(&sk); }

std::vector<spoiled> spoiled_in(const trace_call& call, const program_namer& namer) {
	return spoil_watch(namer).called(call);
}

} // namespace sockops
