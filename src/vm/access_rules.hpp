// SPDX-License-Identifier: MIT
// Rules about single instructions that need no more than the instruction, and how far an address is from
// where it began; and what is wrong, in the kernel's words where it has some.
#pragma once

#include <sockops/bpf/ctx_access.hpp>

#include "load_check.hpp"

namespace sockops::vm {

/// The registers that an instruction reads, calls and exits left out.
struct read_registers {
	bool r0, src, dst;
};
constexpr read_registers read_by(bpf_insn insn) noexcept {
	const u8 cls = class_of(insn);
	const u8 op = insn.code & alu_op::mask;
	const bool by_register = insn.code & insn_source::x;
	if (cls == insn_class::alu || cls == insn_class::alu64)
		return {false, by_register && op != alu_op::end, op != alu_op::mov};
	if (is_conditional(insn))
		return {false, by_register, true};
	const bool atomic = cls == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic;
	const bool acquires = atomic && insn.imm == atomic_op::load_acq;
	return {atomic && insn.imm == atomic_op::cmpxchg, cls == insn_class::ldx || cls == insn_class::stx,
			cls == insn_class::st || (cls == insn_class::stx && !acquires)};
}

/// Are `size` bytes at r10 + from of the frame?
constexpr bool frame_has(s64 from, u64 size) noexcept {
	return from >= -s64{max_bpf_stack} && from <= -static_cast<s64>(size);
}
std::string why_not_in_frame(s64 from, u32 size);

/// May `size` bytes at `from` of the context be read or written?
constexpr bool ctx_has(s64 from, u32 size, bool write) noexcept {
	return from >= 0 && from < s64{bpf_sock_ops_size} &&
		   sock_ops_is_valid_access(static_cast<s32>(from), size, write);
}
std::string why_not_in_ctx(s64 from, u32 size, bool write);

/// Is there such a helper or kfunc, and may this program call it?
refusal rule_of_call(const bpf_prog_load_attr& attr, bpf_insn insn);
/// Is it a call of a helper or kfunc that leaves nothing in r0?
bool leaves_nothing(const bpf_prog_load_attr& attr, bpf_insn insn);

} // namespace sockops::vm
