// SPDX-License-Identifier: MIT
// Frames, calls of helpers and exits of watched programs.
#include "../load_check.hpp"
#include "operations.hpp"
#include "watched_machine.hpp"

namespace sockops::vm {

namespace {

const step* follow_subprogram(watched_machine& m, const watched_step&, const step* at) noexcept {
	const code_place call = m.place(at);
	const step* const next = at->run(m, at);
	if (next)
		m.entered_frame(call);
	return next;
}

const step* follow_helper(watched_machine& m, const watched_step& of, const step* at) noexcept {
	check_arguments(m, of, at);
	std::array<u64, 6> given;
	std::copy_n(m.regs, given.size(), given.begin());
	const step* const next = at->run(m, at);
	if (!next)
		return next;
	m.now = at; // callbacks took steps of theirs
	m.shadows[0] = {};
	note_results(m, of, given);
	m.forget_arguments();
	return next;
}

/// The program that goes on has the frame for itself, and nothing in it.
const step* follow_tail_call(watched_machine& m, const watched_step& of, const step* at) noexcept {
	check_arguments(m, of, at);
	const ebpf_prog* const before = m.prog;
	const step* const next = at->run(m, at);
	if (next == at + 1 && m.prog == before)
		m.forget_arguments();
	else if (next)
		m.begin_program();
	return next;
}

} // namespace

follow_fn follower_of_call(bpf_insn insn) noexcept {
	if (insn.src_reg == call_kind::subprogram)
		return follow_subprogram;
	const bool is_tail_call =
		insn.src_reg == call_kind::helper && insn.imm == static_cast<s32>(find_helper("bpf_tail_call")->id);
	return is_tail_call ? follow_tail_call : follow_helper;
}

const step* follow_exit(watched_machine& m, const watched_step&, const step* at) noexcept {
	if (m.depth != m.base_depth) {
		const step* const next = at->run(m, at);
		m.left_frame();
		m.forget_arguments();
		return next;
	}
	const bool is_callback = m.depth != 0;
	if (m.shadows[0].undefined & (is_callback ? ~u64{0} : u64{~u32{0}}))
		m.found_in_register(at, 0, is_callback ? "return of a callback" : "return",
							is_callback ? "whether it is called again depends on whatever is there"
										: "what the program returns depends on whatever is there");
	return at->run(m, at);
}

const step* follow_nothing(watched_machine& m, const watched_step&, const step* at) noexcept {
	return at->run(m, at);
}

follow_fn follower_of(bpf_insn insn) noexcept {
	switch (class_of(insn)) {
	case insn_class::ld:
		return is_ld_imm64(insn) ? follow_imm64 : follow_nothing;
	case insn_class::ldx:
		return follower_of_load(insn);
	case insn_class::alu:
	case insn_class::alu64:
		return follower_of_alu(insn);
	case insn_class::jmp:
	case insn_class::jmp32:
		return is_exit(insn)          ? follow_exit
			   : is_call(insn)        ? follower_of_call(insn)
			   : is_conditional(insn) ? follower_of_conditional(insn)
									  : follow_nothing;
	default:
		return class_of(insn) == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic
				   ? follower_of_atomic(insn)
				   : follower_of_store(insn);
	}
}

} // namespace sockops::vm
