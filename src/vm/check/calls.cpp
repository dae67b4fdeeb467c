// SPDX-License-Identifier: MIT
#include "calls.hpp"

#include "../access_rules.hpp"
#include "../helper_faces.hpp"
#include "arguments.hpp"
#include "deeds.hpp"
#include "memory.hpp"
#include "rules.hpp"
#include "words.hpp"

namespace sockops::vm::check {

namespace {

using helper::gives;
using is = helper::argument_kind::what;

/// Results that a kernel knows more of than that they are numbers; values that each of them can be.
struct bounded_result {
	std::string_view name;
	some_values values;
};
constexpr bounded_result bounded_results[] = {
	{"bpf_get_smp_processor_id", one(0)},
	{"bpf_probe_read_user_str", one(0)},
	{"bpf_probe_read_kernel_str", one(0)},
};

some_values number_from(std::string_view name) noexcept {
	for (const bounded_result& each : bounded_results)
		if (each.name == name)
			return each.values;
	return all_of(64);
}

/// A kernel knows which element of an array is looked up, if the key is one number that was stored where it
/// keeps track of it.
bool is_known_element(const path& on, const bpf_map_attr& map) {
	const bool is_array = map.map_type == BPF_MAP_TYPE_ARRAY || map.map_type == BPF_MAP_TYPE_PERCPU_ARRAY;
	const known& key = on.regs[2];
	if (!is_array || key.is != holds::frame)
		return false;
	if (key.varies)
		return key.values.is_one(); // where the kernel may know the place, it may know the key
	const stack_slot* const slot = on.frames[key.which].stack.find(key.fixed);
	const u32 place = static_cast<u32>(key.fixed & 7);
	if (!slot || place > 4)
		return false;
	const u32 key_bytes = 0xfu << place;
	const bool is_unclear =
		(slot->unclear & key_bytes) != 0 || (slot->kept != 0 && slot->value.is == holds::anything);
	if ((slot->zeroes & key_bytes) == key_bytes || is_unclear)
		return true;
	const bool is_kept = (place == 0 && slot->kept == 4) || (place == 4 && slot->kept == 8);
	return is_kept && slot->value.is == holds::number && slot->value.values.is_one() &&
		   slot->value.values.first < map.max_entries;
}

known found_value(subject& of, const path& on, std::string_view name) {
	if (on.regs[1].is != holds::map || on.regs[2].is == holds::anything)
		return not_known;
	known value = pointer(holds::map_value, on.regs[1].which);
	value.id = of.new_id();
	value.may_be_null = name != "bpf_map_lookup_elem" || !is_known_element(on, of.map(value.which));
	return value;
}

known or_null(subject& of, known value) {
	value.may_be_null = true;
	value.id = of.new_id();
	return value;
}

known new_record(subject& of, path& on) {
	const known& size = on.regs[2];
	if (size.is != holds::number || !size.values.is_one())
		return not_known;
	known record = or_null(of, pointer(holds::record, static_cast<u32>(size.values.first)));
	on.holding.push_back({taken::what::record, record.id, on.at});
	return record;
}

known result_of(subject& of, path& on, const helper::call_prototype& call) {
	switch (call.result) {
	case gives::number: {
		known result = number(number_from(call.name));
		result.varies = true;
		return result;
	}
	case gives::nothing:
		return {};
	case gives::map_value:
		return found_value(of, on, call.name);
	case gives::record:
		return new_record(of, on);
	case gives::memory: {
		const known& size = on.regs[call.count];
		return size.is == holds::number && size.values.is_one()
				   ? or_null(of, pointer(holds::memory, static_cast<u32>(size.values.first)))
				   : not_known;
	}
	case gives::next_number:
		return pointer(holds::memory, sizeof(s32));
	case gives::tcp_sock:
		return or_null(of, pointer(holds::tcp_sock));
	case gives::kernel_object:
		return or_null(of, pointer(holds::kernel_object));
	case gives::context:
		return pointer(holds::kernel_object, kernel_context);
	default:
		return not_known;
	}
}

void note_what_is_written(subject& of, path& on, const helper::call_prototype& call) {
	for_written(of, on, call, [&](u32 reg, u64 size, bool with_numbers) {
		if (on.regs[reg].is == holds::frame)
			note_written(on, on.regs[reg], 0, size, with_numbers);
	});
}

objection rule_of_lock(const subject& of, const path& on, bpf_insn insn, std::string_view name) {
	const helper_face* const face = face_of_call(of.attr, insn);
	if (!on.lock || (face && is_allowed_under_lock(face->call)))
		return {};
	return broken(rules::lock,
				  "function calls are not allowed while holding a lock: " + std::string(name) + "()",
				  "call it before bpf_spin_lock() or after bpf_spin_unlock()", EINVAL);
}

objection look_at_tail_call(subject& of, path& on) {
	const std::size_t may_hold =
		on.depth() == 0 ? 0 : on.holding.size(); // in a function the kernel does not look
	if (objection wrong = rule_of_holding(of, on, may_hold, "bpf_tail_call()"))
		return wrong;
	on.forget_arguments();
	on.regs[0] = known{};
	if (on.depth() != 0)
		on.forget_packets(not_known);
	return {};
}

/// r0 to r5 before a call.
using given_registers = std::array<known, 6>;

/// Which register of the call is the callback; 0: none.
u32 callback_register(const helper::call_prototype& call) noexcept {
	for (u32 i = 0; i != call.count; ++i)
		if (call.arguments[i].is == is::function)
			return i + 1;
	return 0;
}

void set_callback_arguments(subject& of, path& on, const given_registers& given) {
	const known data = given[3];
	if (given[1].is == holds::map) { // of bpf_for_each_map_elem()
		const bpf_map_attr& map = of.map(given[1].which);
		on.regs[1] = given[1];
		on.regs[2] = pointer(holds::key, map.key_size);
		on.regs[3] = pointer(holds::map_value, given[1].which);
		on.regs[3].id = of.new_id();
		on.regs[4] = data;
	} else {
		on.regs[1] = number(all_of(32));
		on.regs[2] = data;
	}
}

objection rule_of_callback_data(const subject& of, const known& data) {
	if (data.is == holds::frame || data.is == holds::anything || data.is_number(0))
		return {};
	return broken(rules::callback,
				  "R3: a callback's data is " + in_words(of, data) + "; it is on the stack, or NULL",
				  "pass the address of a variable on the stack, in which there may be other pointers");
}

/// The way on which it is called, and the other one in `more`.
objection call_back(subject& of, path& on, const given_registers& given, u32 reg, open_ways& more) {
	const known& function = given[reg];
	if (objection wrong = rule_of_callback_data(of, given[3]))
		return wrong;
	if (function.is != holds::function || on.depth() + 1 >= max_call_frames)
		return of.leave(on, "what calls a callback that is not known"), objection{};
	const known& count = given[1];
	const bool counts = reg == 2 && count.is == holds::number;
	if (counts && count.values.is(0))
		return {};
	if ((!counts || count.values.has(0)) && !more.is_full()) {
		open_ways::way not_called = more.copy_of(on);
		++not_called->at;
		more.add(std::move(not_called));
	}
	const u32 back_at = on.at + 1;
	on.way = of.log.add(on.way, on.at, way_log::step::callback);
	enter(on, call_frame::kind::callback, function.which, back_at);
	set_callback_arguments(of, on, given);
	return {};
}

} // namespace

objection look_at_call(subject& of, path& on, bpf_insn insn, open_ways& more) {
	if (refusal wrong = rule_of_call(of.attr, insn)) {
		if (wrong.rule.empty())
			wrong.rule = rules::call.name;
		return std::make_unique<refusal>(std::move(wrong));
	}
	const helper::call_prototype* const call = prototype_of_call(of.attr, insn);
	if (!call)
		return of.leave(on, "a call that is not known"), objection{};
	if (objection wrong = rule_of_lock(of, on, insn, call->name))
		return wrong;
	if (objection wrong = look_at_use_of_map(of, on, call->name))
		return wrong;
	if (objection wrong = look_at_arguments(of, on, *call))
		return wrong;
	if (insn.src_reg == call_kind::helper && insn.imm == helper_tail_call)
		return look_at_tail_call(of, on);
	const u32 callback = callback_register(*call);
	given_registers given;
	if (callback != 0)
		std::ranges::copy_n(on.regs.begin(), given.size(), given.begin());
	note_what_is_written(of, on, *call);
	if (objection wrong = look_at_deed(of, on, call->name))
		return wrong;
	const known result = result_of(of, on, *call);
	on.forget_arguments();
	on.regs[0] = result;
	if (call->result == gives::next_number && !more.is_full()) { // a kernel has the two ways part in the call
		open_ways::way ended = more.copy_of(on);
		ended->regs[0] = number(0);
		++ended->at;
		more.add(std::move(ended));
	}
	return callback != 0 ? call_back(of, on, given, callback, more) : objection{};
}

} // namespace sockops::vm::check
