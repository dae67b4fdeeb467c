// SPDX-License-Identifier: MIT
// Since when the instruction set has what: the forms of instructions that are younger than SOCK_OPS programs,
// with what to do where a kernel has them not.
//
// The releases are those of the kernel's change that brought each: jlt and its kin 92b31a9af73b (4.14), calls
// between functions cc8b0b92a169 (4.16; bcc's docs/kernel-versions.md), 32-bit jumps 092ed0968bb6 (5.1),
// global variables d8eca5bbb2be (5.2; docs.ebpf.io, map type ARRAY), fetching atomics 5ffa25502b5a (5.12),
// callbacks 69c087ba6225 (5.13; docs.ebpf.io, loops), constants into the context 0d80a619c113 (6.4), -mcpu=v4
// 1f9a1ea821ff and those after it (6.6), load-acquire and store-release 880442305a39 (6.15). What is stored
// and loaded, and arithmetic of 32 bits, is as old as the instruction set.
#pragma once

#include <string_view>

#include "load_check.hpp"

namespace sockops::vm {

struct insn_form {
	std::string_view what; ///< "a jump that compares 32 bits"
	kernel_release since;
	bool (*is)(bpf_insn insn) noexcept;
	std::string_view remedy; ///< a sentence's first half
};

namespace insn_forms {

constexpr bool is_arithmetic(bpf_insn insn) noexcept {
	return class_of(insn) == insn_class::alu || class_of(insn) == insn_class::alu64;
}
constexpr u8 operation(bpf_insn insn) noexcept { return insn.code & alu_op::mask; }
constexpr bool is_atomic(bpf_insn insn) noexcept {
	return class_of(insn) == insn_class::stx && (insn.code & insn_mode::mask) == insn_mode::atomic;
}
constexpr bool is_imm64(bpf_insn insn, u8 kind) noexcept { return is_ld_imm64(insn) && insn.src_reg == kind; }

constexpr bool compares_less(bpf_insn insn) noexcept {
	const u8 op = insn.code & jmp_op::mask;
	return is_jump_class(insn) &&
		   (op == jmp_op::jlt || op == jmp_op::jle || op == jmp_op::jslt || op == jmp_op::jsle);
}
constexpr bool calls_function(bpf_insn insn) noexcept {
	return is_call(insn) && insn.src_reg == call_kind::subprogram;
}
constexpr bool compares_32_bits(bpf_insn insn) noexcept {
	return is_conditional(insn) && class_of(insn) == insn_class::jmp32;
}
constexpr bool names_global(bpf_insn insn) noexcept { return is_imm64(insn, ld_imm64::map_idx_value); }
constexpr bool names_function(bpf_insn insn) noexcept { return is_imm64(insn, ld_imm64::func); }
constexpr bool is_ordering(bpf_insn insn) noexcept {
	return is_atomic(insn) && (insn.imm == atomic_op::load_acq || insn.imm == atomic_op::store_rel);
}
constexpr bool is_other_atomic(bpf_insn insn) noexcept {
	return is_atomic(insn) && insn.imm != alu_op::add && !is_ordering(insn);
}
constexpr bool extends_sign(bpf_insn insn) noexcept {
	const bool loads = class_of(insn) == insn_class::ldx && (insn.code & insn_mode::mask) == insn_mode::memsx;
	return loads || (is_arithmetic(insn) && operation(insn) == alu_op::mov && insn.off != 0);
}
constexpr bool divides_signed(bpf_insn insn) noexcept {
	return is_arithmetic(insn) && (operation(insn) == alu_op::div || operation(insn) == alu_op::mod) &&
		   insn.off != 0;
}
constexpr bool swaps_bytes(bpf_insn insn) noexcept {
	return class_of(insn) == insn_class::alu64 && operation(insn) == alu_op::end;
}
constexpr bool jumps_far(bpf_insn insn) noexcept {
	return is_ja(insn) && class_of(insn) == insn_class::jmp32;
}

} // namespace insn_forms

/// By an instruction that has their place, and what makes their map read-only for programs.
inline constexpr kernel_release global_variables_since = release(5, 2);

/// What is read of .rodata is known to the verifier (a23740ec43ba): before, it looks behind each branch. Here
/// constants count in each release.
inline constexpr kernel_release constants_known_since = release(5, 5);

inline constexpr insn_form insn_form_table[] = {
	{"a jump on 'less than'", release(4, 14), insn_forms::compares_less, "compile with clang's -mcpu=v1"},
	{"a call of another function", release(4, 16), insn_forms::calls_function,
	 "make the function static __always_inline"},
	{"a jump that compares 32 bits", release(5, 1), insn_forms::compares_32_bits,
	 "compile with clang's -mcpu=v2"},
	{"a global variable", global_variables_since, insn_forms::names_global,
	 "keep the value in a map that is declared"},
	{"an atomic instruction that does more than add", release(5, 12), insn_forms::is_other_atomic,
	 "add without using the result (__sync_fetch_and_add()), or count in a PERCPU map"},
	{"a callback", release(5, 13), insn_forms::names_function, "write a loop with a bound"},
	{"an extension of the sign", release(6, 6), insn_forms::extends_sign, "compile with clang's -mcpu=v3"},
	{"a signed division", release(6, 6), insn_forms::divides_signed, "compile with clang's -mcpu=v3"},
	{"a swap of bytes", release(6, 6), insn_forms::swaps_bytes, "compile with clang's -mcpu=v3"},
	{"a jump further than 16 bits", release(6, 6), insn_forms::jumps_far, "compile with clang's -mcpu=v3"},
	{"a load-acquire or store-release", release(6, 15), insn_forms::is_ordering,
	 "use a bpf_spin_lock, or an atomic addition"},
};

/// A constant that is stored into the context by one instruction, which what is known of registers tells.
inline constexpr kernel_release constant_into_context_since = release(6, 4);
/// A jump back: before, no program had a loop (docs.ebpf.io, loops).
inline constexpr kernel_release loops_since = release(5, 3);
/// More instructions than these (BPF_MAXINSNS), with CAP_BPF, or then CAP_SYS_ADMIN (docs.ebpf.io, verifier).
inline constexpr u32 few_insns = 4096;
inline constexpr kernel_release many_insns_since = release(5, 2);

} // namespace sockops::vm
