// SPDX-License-Identifier: MIT
// Jumps (RFC 9669, 4.3), compared in 64 bits or, in class JMP32, by the lower halves.

#include "machine.hpp"

namespace sockops::vm {

namespace {

template <class T>
using made_signed = std::make_signed_t<T>;

// clang-format off
template <class T> bool is_eq(T a, T b) { return a == b; }
template <class T> bool is_ne(T a, T b) { return a != b; }
template <class T> bool is_gt(T a, T b) { return a > b; }
template <class T> bool is_ge(T a, T b) { return a >= b; }
template <class T> bool is_lt(T a, T b) { return a < b; }
template <class T> bool is_le(T a, T b) { return a <= b; }
template <class T> bool is_set(T a, T b) { return (a & b) != 0; }
template <class T> bool is_sgt(T a, T b) { return static_cast<made_signed<T>>(a) > static_cast<made_signed<T>>(b); }
template <class T> bool is_sge(T a, T b) { return static_cast<made_signed<T>>(a) >= static_cast<made_signed<T>>(b); }
template <class T> bool is_slt(T a, T b) { return static_cast<made_signed<T>>(a) < static_cast<made_signed<T>>(b); }
template <class T> bool is_sle(T a, T b) { return static_cast<made_signed<T>>(a) <= static_cast<made_signed<T>>(b); }
// clang-format on

const step* jump_always(machine&, const step* at) noexcept { return at + 1 + at->off; }

template <class T, bool (*Holds)(T, T), bool ByRegister>
const step* jump_if(machine& m, const step* at) noexcept {
	const T right = static_cast<T>(ByRegister ? m.regs[at->src] : at->imm);
	return Holds(static_cast<T>(m.regs[at->dst]), right) ? at + 1 + at->off : at + 1;
}

template <class T, bool (*Holds)(T, T)>
step_fn by_source(bpf_insn insn) noexcept {
	return insn.code & insn_source::x ? jump_if<T, Holds, true> : jump_if<T, Holds, false>;
}

template <class T>
step_fn comparison(bpf_insn insn) noexcept {
	switch (insn.code & jmp_op::mask) {
	case jmp_op::ja:
		return jump_always;
	case jmp_op::jeq:
		return by_source<T, is_eq<T>>(insn);
	case jmp_op::jne:
		return by_source<T, is_ne<T>>(insn);
	case jmp_op::jgt:
		return by_source<T, is_gt<T>>(insn);
	case jmp_op::jge:
		return by_source<T, is_ge<T>>(insn);
	case jmp_op::jlt:
		return by_source<T, is_lt<T>>(insn);
	case jmp_op::jle:
		return by_source<T, is_le<T>>(insn);
	case jmp_op::jset:
		return by_source<T, is_set<T>>(insn);
	case jmp_op::jsgt:
		return by_source<T, is_sgt<T>>(insn);
	case jmp_op::jsge:
		return by_source<T, is_sge<T>>(insn);
	case jmp_op::jslt:
		return by_source<T, is_slt<T>>(insn);
	case jmp_op::jsle:
		return by_source<T, is_sle<T>>(insn);
	default:
		return nullptr;
	}
}

} // namespace

step_fn jump_step(bpf_insn insn) noexcept {
	return (insn.code & insn_class::mask) == insn_class::jmp32 ? comparison<u32>(insn)
															   : comparison<u64>(insn);
}

} // namespace sockops::vm
