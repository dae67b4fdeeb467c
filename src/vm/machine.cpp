// SPDX-License-Identifier: MIT
#include <cstring>
#include <utility>

#include <sockops/map/ring_buffer.hpp>
#include <sockops/vm/fault.hpp>

#include "machine.hpp"
#include "tail_call_count.hpp"
#include "watch/watched_machine.hpp"

namespace sockops::vm {

thread_local constinit u32 carried_tail_calls = 0;

machine::machine(const ebpf_prog& of, bpf_sock_ops_kern* context) noexcept
	: tail_calls(std::exchange(carried_tail_calls, 0)), prog(&of), ctx(context), asks(context) {
	for (u64& reg : regs)
		reg = 0;
	frame = stack;
	std::memset(frame, 0, max_bpf_stack); // so that a run repeats, whatever the stack held before
	shown_keys[0] = {nullptr, 0};
	left = bpf_run_limit();
	refill();
	regs[10] = reinterpret_cast<std::uintptr_t>(frame + max_bpf_stack);
}

namespace {
std::string limit_in_words() {
	return "the run has taken " + std::to_string(bpf_run_limit()) +
		   " instructions; set_bpf_run_limit() allows more";
}
} // namespace

void machine::charge(u64 instructions) noexcept {
	if (instructions > left + budget) {
		fault(at, limit_in_words());
		return;
	}
	const u64 of_left = std::min(left, instructions);
	left -= of_left;
	budget -= static_cast<u32>(instructions - of_left);
}

u64 machine::run(const step* entry) noexcept {
	const step* next = entry;
	while (next) {
		if (budget == 0) [[unlikely]] {
			out_of_budget(next);
			break;
		}
		--budget;
		next = next->run(*this, next);
	}
	return faulted ? 0 : regs[0];
}

void machine::out_of_budget(const step* next) noexcept {
	fault(next, left != 0 ? "the run has taken " + std::to_string(bpf_max_insns) +
								" instructions since its last call: a loop without an end?"
						  : limit_in_words());
}

bool machine::enter_frame(const step* where, const step* next) noexcept {
	if (depth + 1 == max_call_frames) [[unlikely]] {
		fault(where, "a call " + std::to_string(max_call_frames + 1) + " frames deep; " +
						 std::to_string(max_call_frames) + " are allowed");
		return false;
	}
	saved[depth] = {next, prog, {regs[6], regs[7], regs[8], regs[9]}};
	++depth;
	refill();
	shown_keys[depth] = {nullptr, 0};
	frame += max_bpf_stack;
	std::memset(frame, 0, max_bpf_stack);
	regs[10] += max_bpf_stack;
	return true;
}

const step* call_subprogram(machine& m, const step* at) noexcept {
	return m.enter_frame(at, at + 1) ? at + 1 + at->off : nullptr;
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
	m.at = at;
	if (const char* const left = m.depth == 0 && m.has_something() ? m.left_to_do() : nullptr)
		return m.fault(at, std::string("the program ends without ") + left);
	return nullptr;
}

void machine::give_back_all() noexcept {
	for (u32 i = 0; i != grants_used; ++i)
		if (grants[i].must_go)
			ring_buffer_map::discard(grants[i].base, 0);
	dynptrs.clear();
	iterators.clear();
	sections.leave_all();
	grants_used = recent_size = 0;
}

const step* unreachable_step(machine& m, const step* at) noexcept {
	return m.fault(at, "the run came to an instruction that no way leads to");
}

u64 machine::call_back(u32 insn, u64 first, u64 second, u64 third, shown_key key) noexcept {
	const step* const caller = at;
	if (faulted || !enter_frame(caller, nullptr))
		return 0;
	shown_keys[depth] = key;
	const u32 outer_base = base_depth, outer_depth = depth - 1;
	base_depth = depth;
	auto* const watched = is_watched ? static_cast<watched_machine*>(this) : nullptr;
	if (watched)
		watched->entered_callback(caller);
	regs[1] = first, regs[2] = second, regs[3] = third;
	const step* const entry = prog->steps.data() + insn;
	const u64 r0 = watched ? watched->run_watched(entry) : run(entry);
	base_depth = outer_base;
	while (depth != outer_depth) // one frame, or after a fault all that were entered
		leave_frame(*this);
	if (watched)
		watched->left_frame();
	at = caller;
	return r0;
}

} // namespace sockops::vm
