// SPDX-License-Identifier: MIT
#include "watched_machine.hpp"

#include <algorithm>
#include <bit>

#include "../load_check.hpp"
#include "../loading.hpp"
#include "operations.hpp"

namespace sockops::vm {

watched_machine::watched_machine(const ebpf_prog& of, bpf_sock_ops_kern* context) noexcept
	: machine(of, context),
	  fill(of.watched->seed, of.name_text, of.watched->runs.fetch_add(1, std::memory_order_relaxed)) {
	is_watched = true;
	begin_program();
}

void watched_machine::begin_program() noexcept {
	shadows = {};
	for (const u32 unset : {0, 2, 3, 4, 5, 6, 7, 8, 9})
		unset_register(unset);
	begin_frame();
}

void watched_machine::begin_frame() noexcept {
	fill.fill(frame, max_bpf_stack);
	frames.set_unwritten(u64{depth} * max_bpf_stack, max_bpf_stack);
}

void watched_machine::unset_register(u32 number) noexcept {
	regs[number] = fill.next();
	shadows[number] = {~u64{0}, 0};
}

void watched_machine::forget_arguments() noexcept {
	for (u32 number = 1; number <= 5; ++number)
		unset_register(number);
}

void watched_machine::entered_frame(code_place call) noexcept {
	caller& of = callers[depth];
	std::copy_n(shadows.begin() + 6, 4, of.callee_saved.begin());
	of.place = call;
	unset_register(0);
	for (u32 number = 6; number <= 9; ++number)
		unset_register(number);
	begin_frame();
}

void watched_machine::entered_callback(const step* call) noexcept {
	const u64 fourth = regs[4];
	entered_frame(place(call));
	forget_arguments();
	for (u32 number = 1; number <= 4; ++number)
		shadows[number] = {};
	regs[4] = fourth;
}

void watched_machine::left_frame() noexcept {
	std::copy_n(callers[depth + 1].callee_saved.begin(), 4, shadows.begin() + 6);
}

u64 watched_machine::run_watched(const step* entry) noexcept {
	const step* next = entry;
	while (next) {
		if (budget == 0) {
			out_of_budget(next);
			break;
		}
		--budget;
		next = prog->watched ? followed(next) : unfollowed(next);
	}
	return faulted ? 0 : regs[0];
}

const step* watched_machine::followed(const step* where) noexcept {
	const u32 insn = prog->insn_of(where);
	const watched_step& of = prog->watched->steps[insn];
	watched_code::counter& counter = prog->watched->counters[insn];
	counter.executed.fetch_add(1, std::memory_order_relaxed);
	now = where;
	const step* const next = of.follow(*this, of, where);
	if (next != where + 1 && is_conditional(of.insn))
		counter.jumped.fetch_add(1, std::memory_order_relaxed);
	return next;
}

/// Of a program that is not watched, to which one that is has gone on.
const step* watched_machine::unfollowed(const step* where) noexcept {
	const u32 before = depth;
	const ebpf_prog* const was = prog;
	const step* const next = where->run(*this, where);
	if (!next)
		return next;
	if (depth > before) {
		std::copy_n(shadows.begin() + 6, 4, callers[depth].callee_saved.begin());
	} else if (depth < before) {
		left_frame();
		shadows[0] = {};
	} else if (prog != was && prog->watched) {
		begin_program();
	}
	return next;
}

std::optional<u32> watched_machine::frame_byte(u64 address, u64 size) const noexcept {
	const u64 where = address - reinterpret_cast<std::uintptr_t>(stack);
	const u64 room = u64{depth + 1} * max_bpf_stack;
	return where < room && size <= room - where ? std::optional(static_cast<u32>(where)) : std::nullopt;
}

/// Of a frame: where its function is now, which is the call that it waits for, or the step that is taken.
code_place watched_machine::place_in_frame(u32 of) const noexcept {
	return of == depth ? place(now) : callers[of + 1].place;
}

shadow watched_machine::loaded(shadow found, u64 address) {
	if (found.undefined == 0 || found.origin != 0)
		return found;
	const auto first = static_cast<u32>(std::countr_zero(found.undefined)) / 8;
	const auto last = (63 - static_cast<u32>(std::countl_zero(found.undefined))) / 8;
	if (const std::optional<u32> byte = frame_byte(address + first, last - first + 1)) {
		const auto from_r10 = static_cast<s32>(*byte % max_bpf_stack) - static_cast<s32>(max_bpf_stack);
		found.origin = origins.add(
			{origin::kind::frame, place_in_frame(*byte / max_bpf_stack), from_r10, last - first + 1});
	} else {
		found.origin =
			origins.add({origin::kind::told, {}, 0, 0, in_words({name_of(address + first, address + last)})});
	}
	return found;
}

shadow watched_machine::load_shadow(u64 address, u32 size) noexcept {
	if (const std::optional<u32> byte = frame_byte(address, size))
		return loaded(frames.load(*byte, size), address);
	if (const record_shadow* const record = records.find(address, size))
		return loaded(record->load(address - record->base, size), address);
	return kind_of(address) == pointer_kind::memory && !all_values().empty()
			   ? load_value_shadow(address, size)
			   : shadow{};
}

shadow watched_machine::load_value_shadow(u64 address, u32 size) noexcept {
	shadow found;
	const u8* const bytes = reach_elsewhere(address, size, access::read);
	for (u32 i = 0; bytes && i != size; ++i) {
		const value_shadow::byte each = all_values().load(bytes + i);
		if (each.undefined && found.undefined == 0)
			found.origin = origins.add({origin::kind::told, {}, 0, 0, all_values().text_of(each.text)});
		found.undefined |= u64{each.undefined} << i * 8;
	}
	return found;
}

void watched_machine::store_shadow(u64 address, u32 size, shadow what) noexcept {
	if (const std::optional<u32> where = frame_byte(address, size))
		return frames.store(*where, size, what);
	if (record_shadow* const record = records.find(address, size))
		return record->store(address - record->base, size, what);
	if (kind_of(address) != pointer_kind::memory || (what.undefined == 0 && all_values().empty()))
		return;
	const auto* const bytes = reinterpret_cast<const u8*>(static_cast<std::uintptr_t>(address));
	const u32 text = what.undefined ? all_values().number_of(words_of(what, 0)) : 0;
	all_values().store(bytes, size, what.undefined, text);
}

void watched_machine::set_written(u64 address, u64 size) noexcept {
	if (const std::optional<u32> where = frame_byte(address, size))
		frames.set_written(*where, size);
	else if (record_shadow* const record = records.find(address, size))
		record->set_written(address - record->base, size);
	else if (kind_of(address) == pointer_kind::memory)
		all_values().set_written(reinterpret_cast<const u8*>(static_cast<std::uintptr_t>(address)), size);
}

void watched_machine::copy_shadow(u64 to, u64 from, u64 size) noexcept {
	constexpr u64 at_a_time = 8; // so that what has one origin is told as one
	for (u64 i = 0; i < size; i += at_a_time) {
		const auto piece = static_cast<u32>(std::min(at_a_time, size - i));
		store_shadow(to + i, piece, load_shadow(from + i, piece));
	}
}

void watched_machine::fill_record(void* base, u64 size) noexcept {
	fill.fill(static_cast<u8*>(base), size);
	records.add(reinterpret_cast<std::uintptr_t>(base), size);
}

u32 run_watched_program(bpf_sock_ops_kern* ctx, const bpf_prog* prog) noexcept {
	watched_machine m(*static_cast<const ebpf_prog*>(prog), ctx);
	m.regs[1] = make_pointer(pointer_kind::ctx, ctx_origin);
	return checked_return(m, m.run_watched(m.prog->steps.data()));
}

} // namespace sockops::vm
