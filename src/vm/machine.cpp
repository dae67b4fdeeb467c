// SPDX-License-Identifier: MIT
#include <sockops/map/ring_buffer.hpp>
#include <sockops/map/spin_lock.hpp>

#include "machine.hpp"

namespace sockops::vm {

machine::machine(const ebpf_prog& of, bpf_sock_ops_kern* context) noexcept : prog(&of), ctx(context) {
	for (u64& reg : regs)
		reg = 0;
	frame = stack;
	regs[10] = reinterpret_cast<std::uintptr_t>(frame + max_bpf_stack);
}

u64 machine::run(const step* entry) noexcept {
	const step* next = entry;
	while (next) {
		if (budget == 0) [[unlikely]] {
			fault(next, "the run has taken " + std::to_string(bpf_max_insns) +
							" instructions: a loop without an end? (No kernel would have taken more.)");
			break;
		}
		--budget;
		next = next->run(*this, next);
	}
	return faulted ? 0 : regs[0];
}

const step* call_subprogram(machine& m, const step* at) noexcept {
	if (m.depth + 1 == max_call_frames)
		return m.fault(at, "a call " + std::to_string(max_call_frames + 1) + " frames deep; " +
							   std::to_string(max_call_frames) + " are allowed");
	m.saved[m.depth] = {at + 1, m.prog, {m.regs[6], m.regs[7], m.regs[8], m.regs[9]}};
	++m.depth;
	m.frame += max_bpf_stack;
	m.regs[10] += max_bpf_stack;
	return at + 1 + at->off;
}

namespace {
const step* leave_frame(machine& m) noexcept {
	const saved_frame& caller = m.saved[--m.depth];
	for (unsigned i = 0; i != 4; ++i)
		m.regs[6 + i] = caller.callee_saved[i];
	m.frame -= max_bpf_stack;
	m.regs[10] = reinterpret_cast<std::uintptr_t>(m.frame + max_bpf_stack);
	m.prog = caller.prog;
	return caller.next;
}
} // namespace

const step* exit_step(machine& m, const step* at) noexcept {
	if (m.depth != m.base_depth)
		return leave_frame(m);
	if (m.depth == 0 && m.held_lock)
		return m.fault(at, "the program ends while it holds a bpf_spin_lock");
	if (const char* const record = m.depth == 0 ? m.open_record() : nullptr)
		return m.fault(at, std::string("the program ends without having submitted or discarded ") + record);
	return nullptr;
}

void machine::release_lock() noexcept {
	bpf_spin_unlock(held_lock);
	held_lock = nullptr;
}

void machine::give_back_all() noexcept {
	if (held_lock)
		release_lock();
	for (u32 i = 0; i != grants_used; ++i)
		if (grants[i].must_go)
			ring_buffer_map::discard(grants[i].base, 0);
	for (u32 i = 0; i != dynptrs_used; ++i)
		if (dynptrs[i].record && dynptrs[i].data)
			ring_buffer_map::discard(dynptrs[i].data, 0);
}

const step* unreachable_step(machine& m, const step* at) noexcept {
	return m.fault(at, "the run came to an instruction that no way leads to");
}

u64 machine::call_back(u32 insn, u64 first, u64 second, u64 third) noexcept {
	const step* const caller = at;
	if (depth + 1 == max_call_frames) {
		fault(caller, "a callback more than " + std::to_string(max_call_frames) + " frames deep");
		return 0;
	}
	saved[depth] = {nullptr, prog, {regs[6], regs[7], regs[8], regs[9]}};
	++depth;
	frame += max_bpf_stack;
	regs[10] += max_bpf_stack;
	const u32 outer_base = base_depth;
	base_depth = depth;
	regs[1] = first, regs[2] = second, regs[3] = third;
	const u64 r0 = run(prog->steps.data() + insn);
	base_depth = outer_base;
	leave_frame(*this);
	at = caller;
	return r0;
}

} // namespace sockops::vm
