// SPDX-License-Identifier: MIT
#include "visits.hpp"

#include <algorithm>

namespace sockops::vm::check {

namespace {

constexpr std::size_t enough_of_a_shape = 32;

constexpr u64 mixed(u64 into, u64 value) noexcept {
	into = (into ^ value) * 0x9e37'79b9'7f4a'7c15;
	return into ^ into >> 29;
}

/// A set that a kernel has as it is here.
bool is_exact(const some_values& values) noexcept {
	if (values.is_one())
		return true;
	for (const u32 bits : {8u, 16u, 32u, 64u})
		if (values == all_of(bits))
			return true;
	return false;
}

void add(state_number& to, const known& value) noexcept {
	const u64 kind = static_cast<u64>(value.is) | u64{value.may_be_null} << 8 | u64{value.varies} << 9 |
					 u64{value.which} << 16;
	to.shape = mixed(to.shape, kind);
	to.all = mixed(to.all, kind);
	if (value.is == holds::anything)
		to.is_all = false;
	if (value.is_pointer()) {
		to.shape = mixed(to.shape, static_cast<u64>(value.fixed));
		to.all = mixed(to.all, static_cast<u64>(value.fixed));
	}
	if (value.is == holds::number || value.is_pointer()) {
		to.all = mixed(mixed(mixed(to.all, value.values.first), value.values.step), value.values.more);
		to.is_all = to.is_all && is_exact(value.values) && value.varies != value.values.is_one();
	}
}

void add(state_number& to, u64 value) noexcept {
	to.shape = mixed(to.shape, value);
	to.all = mixed(to.all, value);
}

void add(state_number& to, const call_frame& frame) {
	add(to, frame.back_at);
	for (const known& each : frame.saved)
		add(to, each);
	u64 slots = 0, all = 0; // in whatever order they were first written
	for (const stack_slot& slot : frame.stack.slots) {
		state_number of;
		add(of, u64{slot.at} | u64{slot.kept} << 8 | u64{slot.zeroes} << 16 | u64{slot.unclear} << 24);
		if (slot.kept)
			add(of, slot.value);
		slots += of.shape;
		all += of.all;
		to.is_all = to.is_all && of.is_all && slot.unclear == 0;
	}
	to.shape = mixed(to.shape, slots);
	to.all = mixed(to.all, all);
}

} // namespace

state_number number_of(const path& on, u16 live) noexcept {
	state_number of;
	for (u32 reg = 0; reg != 10; ++reg)
		if (live >> reg & 1)
			add(of, on.regs[reg]);
	for (const call_frame& frame : on.frames)
		add(of, frame);
	for (const taken& each : on.holding)
		add(of, static_cast<u64>(each.is) + 1);
	add(of, u64{on.lock.has_value()});
	return of;
}

visits::told visits::note(u32 insn, const state_number& state) {
	u32 number = shapes_at_[insn];
	while (number != none && shapes_[number].shape != state.shape)
		number = shapes_[number].next;
	if (number == none) {
		shapes_.push_back({state.shape, state.all, {}, shapes_at_[insn]});
		shapes_at_[insn] = static_cast<u32>(shapes_.size() - 1);
		return told::is_new;
	}
	of_shape& at = shapes_[number];
	if (at.first == state.all || std::ranges::find(at.others, state.all) != at.others.end())
		return told::seen;
	if (at.others.size() + 1 == enough_of_a_shape)
		return told::enough;
	at.others.push_back(state.all);
	return told::is_new;
}

} // namespace sockops::vm::check
