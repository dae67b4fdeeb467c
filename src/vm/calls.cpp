// SPDX-License-Identifier: MIT
// Calls of helpers, and the tail call, which is no call: the program it names goes on in this one's place.

#include "../helper/tail_call.hpp"
#include "helper_faces.hpp"
#include "memory_from_registers.hpp"
#include "tail_call_count.hpp"

namespace sockops::vm {

namespace {
/// A program that holds a lock may count numbers, and give it back.
const step* call_under_lock(machine& m, const step* at) noexcept {
	return m.fault(
		at, "a helper is called while the program holds a bpf_spin_lock; only bpf_spin_unlock() may be");
}
} // namespace

const step* call_helper(machine& m, const step* at) noexcept {
	m.at = at;
	const auto call = reinterpret_cast<helper_fn>(static_cast<std::uintptr_t>(at->imm));
	if (m.sections.held_lock && !is_allowed_under_lock(call)) [[unlikely]]
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
	if (m.sections.held_lock)
		return call_under_lock(m, at);
	argument_cursor arguments{m, m.regs, "bpf_tail_call"};
	from_registers<helper::given_context> context;
	from_registers<helper::program_map> programs;
	if (!context.take(arguments) || !programs.take(arguments))
		return nullptr;
	if (const char* const left = m.left_to_do())
		return m.fault(at, std::string("bpf_tail_call() without ") + left + " first");
	const bpf_prog* const target = programs.get()->prog_at(static_cast<u32>(m.regs[3]));
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

} // namespace sockops::vm
