// SPDX-License-Identifier: MIT
// Functions of the program: static ones are followed with what they are given, global ones are looked at
// once, by their types.
#include "calls.hpp"

#include "../instruction_words.hpp"
#include "deeds.hpp"
#include "memory.hpp"
#include "rules.hpp"
#include "words.hpp"

namespace sockops::vm::check {

namespace {

using type = bpf_argument_type::what;

objection rule_of_types(const bpf_function& function) {
	const auto wrong = [&](std::string what, const char* remedy) {
		return broken(rules::global_function, "global function " + function.name + "() " + what, remedy,
					  EINVAL);
	};
	if (function.result.is == type::nothing)
		return wrong("returns nothing", "let it return an int, or make it static");
	if (function.arguments.size() > 5)
		return wrong("has " + std::to_string(function.arguments.size()) + " arguments, and 5 are allowed",
					 "pass them in a struct, or make it static");
	for (std::size_t i = 0; i != function.arguments.size(); ++i)
		if (function.arguments[i].is == type::untyped)
			return wrong("has a void * as its argument " + std::to_string(i + 1),
						 "give it the type of what it leads to, or make the function static");
	return {};
}

std::string argument_in_words(const bpf_function& function, u32 i) {
	return register_in_words(i + 1) + ": " + function.name + "(): its argument " + std::to_string(i + 1) +
		   " is ";
}

objection rule_of_memory_argument(subject& of, path& on, u32 reg, const bpf_argument_type& wanted) {
	const known& given = on.regs[reg];
	if (given.is_number(0))
		return wanted.nonnull ? broken(rules::null_test, "NULL", "pass an address") : objection{};
	if (given.is == holds::number)
		return broken(rules::global_function, in_words(of, given), "pass an address of memory, or NULL",
					  EINVAL);
	if (given.may_be_null && wanted.nonnull)
		return broken(rules::null_test, in_words(of, given), {}, EINVAL);
	return look_at_memory(of, on, reg, wanted.size, true);
}

objection rule_of_argument(subject& of, path& on, u32 reg, const bpf_argument_type& wanted) {
	const known& given = on.regs[reg];
	if (given.is == holds::anything || wanted.is == type::not_known)
		return {};
	if (given.is == holds::unset)
		return broken(rules::unwritten, "a register that was never written");
	switch (wanted.is) {
	case type::number:
		return given.is == holds::number
				   ? objection{}
				   : broken(rules::global_function, in_words(of, given), "pass a number", EINVAL);
	case type::context:
		return given.is == holds::context && !given.has_moved()
				   ? objection{}
				   : broken(rules::global_function, in_words(of, given),
							"pass the program's own context, as it was given in r1", EINVAL);
	case type::memory:
		return rule_of_memory_argument(of, on, reg, wanted);
	default:
		return {};
	}
}

objection call_global(subject& of, path& on, const bpf_function& function) {
	if (on.lock)
		return broken(rules::lock,
					  "global function calls are not allowed while holding a lock: " + function.name + "()",
					  "make it static, or unlock before", EINVAL);
	if (objection wrong = rule_of_types(function))
		return wrong;
	for (u32 i = 0; i != function.arguments.size(); ++i) {
		if (objection wrong = rule_of_argument(of, on, i + 1, function.arguments[i])) {
			wrong->reason = argument_in_words(function, i) + wrong->reason;
			return wrong;
		}
	}
	for (u32 i = 0; i != function.arguments.size(); ++i)
		if (function.arguments[i].is != type::number && on.regs[i + 1].is == holds::frame)
			note_written(on, on.regs[i + 1], 0, std::max(function.arguments[i].size, 1u), false);
	of.global_functions.insert(function.insn);
	on.forget_packets(not_known); // it may have written an option
	on.forget_arguments();
	on.regs[0] = number(all_of(64));
	++on.at;
	return {};
}

known argument_of_type(subject& of, const bpf_argument_type& declared) {
	switch (declared.is) {
	case type::number:
		return number(all_of(64));
	case type::context:
		return pointer(holds::context);
	case type::memory: {
		known memory = pointer(holds::memory, declared.size);
		memory.may_be_null = !declared.nonnull;
		memory.id = of.new_id();
		return memory;
	}
	default:
		return not_known;
	}
}

objection rule_of_return(const subject& of, const path& on) {
	const known& r0 = on.regs[0];
	if (r0.is == holds::unset)
		return broken(rules::unwritten, "R0 !read_ok: the program returns nothing",
					  "return 0 or 1 on every way");
	if (r0.is == holds::anything)
		return {};
	if (r0.is_pointer())
		return broken(rules::return_value, "the program returns a pointer: " + in_words(of, r0));
	if (r0.values.least() >= 0 && r0.values.greatest() <= 1)
		return {};
	return broken(rules::return_value,
				  "At program exit the register R0 has " +
					  (r0.values.is_one() ? "value " + std::to_string(static_cast<s64>(r0.values.first))
										  : in_words(of, r0)) +
					  "; a sock_ops program returns 0 or 1",
				  {}, EINVAL);
}

objection rule_of_callback_return(const subject& of, const known& r0) {
	if (r0.is == holds::anything)
		return {};
	if (r0.is == holds::number && r0.values.least() >= 0 && r0.values.greatest() <= 1)
		return {};
	return broken(rules::callback,
				  "At callback return the register R0 has " + in_words(of, r0) + "; it returns 0 or 1",
				  "return 0 to go on, 1 to stop", EINVAL);
}

/// What a callback has written may be from any round: what is another kind of thing now, or another number.
void forget_written(std::vector<call_frame>& frames, const std::vector<stack_frame>& before) {
	for (std::size_t i = 0; i != before.size(); ++i)
		for (stack_slot& slot : frames[i].stack.slots) {
			const auto same = [&](const stack_slot& old) {
				return old.at == slot.at && old.kept == slot.kept && old.zeroes == slot.zeroes &&
					   old.unclear == slot.unclear && old.value.is == slot.value.is &&
					   old.value.values == slot.value.values && old.value.which == slot.value.which;
			};
			if (std::ranges::none_of(before[i].slots, same))
				slot = {slot.at, 0, 0, 0xff, {}};
		}
}

void leave(path& on) {
	const call_frame frame = std::move(on.frames.back());
	on.frames.pop_back();
	on.for_values([&](known& value) {
		if (value.is == holds::frame && value.which > on.depth())
			value = not_known;
	});
	on.forget_arguments();
	for (unsigned i = 0; i != frame.saved.size(); ++i)
		on.regs[6 + i] = frame.saved[i];
	on.regs[10] = pointer(holds::frame, on.depth());
	on.at = frame.back_at;
	if (frame.is == call_frame::kind::callback) {
		forget_written(on.frames, frame.callers);
		on.regs[0] = number(all_of(64));
	}
}

} // namespace

void enter(path& on, call_frame::kind as, u32 target, u32 back_at) {
	call_frame frame;
	frame.is = as;
	frame.back_at = back_at;
	for (unsigned i = 0; i != frame.saved.size(); ++i)
		frame.saved[i] = on.regs[6 + i];
	if (as == call_frame::kind::callback)
		for (const call_frame& each : on.frames)
			frame.callers.push_back(each.stack);
	on.frames.push_back(std::move(frame));
	on.regs[0] = known{};
	for (unsigned i = 6; i != 10; ++i)
		on.regs[i] = known{};
	on.regs[10] = pointer(holds::frame, on.depth());
	on.at = target;
}

objection look_at_function_call(subject& of, path& on, bpf_insn insn) {
	const auto target = static_cast<u32>(s64{on.at} + 1 + insn.imm);
	const bpf_function* const function = of.function_at(target);
	if (function && function->is_global)
		return call_global(of, on, *function);
	if (on.depth() + 1 >= max_call_frames)
		return of.leave(on, "a call behind " + std::to_string(max_call_frames) + " others"), objection{};
	on.way = of.log.add(on.way, on.at, way_log::step::call);
	enter(on, call_frame::kind::function, target, on.at + 1);
	return {};
}

path way_into_global_function(subject& of, u32 insn) {
	path on;
	on.at = insn;
	on.way = of.log.begin(insn);
	on.frames.push_back({call_frame::kind::global});
	on.regs[10] = pointer(holds::frame, 0);
	const bpf_function& function = *of.function_at(insn);
	for (u32 i = 0; i != function.arguments.size() && i != 5; ++i)
		on.regs[i + 1] = argument_of_type(of, function.arguments[i]);
	return on;
}

objection look_at_exit(subject& of, path& on) {
	call_frame& frame = on.frame();
	switch (frame.is) {
	case call_frame::kind::entry:
	case call_frame::kind::global: {
		if (objection wrong = rule_of_holding(of, on, 0, "the program ends"))
			return wrong;
		objection wrong = frame.is == call_frame::kind::entry ? rule_of_return(of, on) : objection{};
		if (frame.is == call_frame::kind::global && on.regs[0].is == holds::unset)
			wrong = broken(rules::unwritten, "R0 !read_ok: the function returns nothing");
		on.is_over = true;
		return wrong;
	}
	case call_frame::kind::callback:
		if (objection wrong = rule_of_holding(of, on, on.holding.size(), "a callback ends"))
			return wrong;
		if (objection wrong = rule_of_callback_return(of, on.regs[0]))
			return wrong;
		break;
	default:
		if (on.regs[0].is == holds::frame && on.regs[0].which == on.depth())
			return broken(rules::stack_leak, "cannot return stack pointer to the caller", {}, EINVAL);
	}
	on.way = of.log.add(on.way, on.at, way_log::step::returned);
	leave(on);
	return {};
}

} // namespace sockops::vm::check
