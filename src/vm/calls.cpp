// SPDX-License-Identifier: MIT
// Calls of helpers, and the tail call, which is no call: the program it names goes on in this one's place.

#include <sockops/map/prog_array.hpp>

#include "kfuncs.hpp"
#include "tail_call_count.hpp"

namespace sockops::vm {

namespace {
constexpr u32 helper_spin_unlock = 94;

/// A program that holds a lock may count numbers, and give it back.
const step* call_under_lock(machine& m, const step* at) noexcept {
	return m.fault(
		at, "a helper is called while the program holds a bpf_spin_lock; only bpf_spin_unlock() may be");
}
} // namespace

const step* call_helper(machine& m, const step* at) noexcept {
	m.at = at;
	const auto call = reinterpret_cast<helper_fn>(static_cast<std::uintptr_t>(at->imm));
	if (m.held_lock && call != find_helper_function(helper_spin_unlock) && !is_number_iterator(call))
		[[unlikely]]
		return call_under_lock(m, at);
	const u64 result = call(m, m.regs);
	if (m.faulted) [[unlikely]]
		return nullptr;
	m.regs[0] = result;
	return at + 1;
}

namespace {

/// A native program in the array runs to its end, and its return is this program's.
const step* tail_call_native(machine& m, const step* at, const bpf_prog& target) noexcept {
	carried_tail_calls = m.tail_calls;
	m.regs[0] = bpf_prog_run(&target, m.ctx);
	carried_tail_calls = 0; // of a target that does not count
	return exit_step(m, at);
}

} // namespace

const step* tail_call(machine& m, const step* at) noexcept {
	m.at = at;
	if (m.held_lock)
		return call_under_lock(m, at);
	if (!m.is_context(m.regs[1], "bpf_tail_call"))
		return nullptr;
	bpf_map* const map = m.map_of(m.regs[2], "bpf_tail_call");
	if (!map)
		return nullptr;
	if (map->attr.map_type != BPF_MAP_TYPE_PROG_ARRAY)
		return m.fault(at, "bpf_tail_call(): map '" + map->attr.map_name + "' is no PROG_ARRAY");
	if (const char* const left = m.left_to_do())
		return m.fault(at, std::string("bpf_tail_call() without ") + left + " first");
	const bpf_prog* const target = static_cast<prog_array_map*>(map)->prog_at(static_cast<u32>(m.regs[3]));
	if (!target || m.tail_calls == max_tail_call_cnt)
		return at + 1;
	++m.tail_calls;
	const ebpf_prog* const next = as_interpreted(*target);
	if (!next)
		return tail_call_native(m, at, *target);
	m.prog = next;
	m.refill();
	return next->steps.data();
}

helper_fn find_helper_function(u32 id) noexcept {
	for (auto group : {map_helpers, record_helpers, socket_helpers, segment_helpers, time_helpers,
					   memory_helpers, callback_helpers, dynptr_helpers})
		for (const helper_row& row : group())
			if (row.id == id)
				return row.call;
	return nullptr;
}

bool is_gpl_compatible(std::string_view license) noexcept {
	for (const std::string_view each :
		 {"GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"})
		if (license == each)
			return true;
	return false;
}

} // namespace sockops::vm
