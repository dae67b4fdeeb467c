// SPDX-License-Identifier: MIT
// Arithmetic (RFC 9669, 4.1 and 4.2). 32-bit operations clear the upper half of their destination; a division
// by zero gives 0, a modulo by zero the dividend; shifts take the low 5 or 6 bits of their distance.

#include <bit>
#include <limits>

#include "machine.hpp"

namespace sockops::vm {

namespace {

template <class T>
using made_signed = std::make_signed_t<T>;

// Each takes both operands in the width of the operation. Unsigned arithmetic, so that overflow wraps.
// clang-format off
template <class T> T op_add(T a, T b) { return a + b; }
template <class T> T op_sub(T a, T b) { return a - b; }
template <class T> T op_mul(T a, T b) { return a * b; }
template <class T> T op_div(T a, T b) { return b == 0 ? T{0} : a / b; }
template <class T> T op_mod(T a, T b) { return b == 0 ? a : a % b; }
template <class T> T op_or(T a, T b) { return a | b; }
template <class T> T op_and(T a, T b) { return a & b; }
template <class T> T op_xor(T a, T b) { return a ^ b; }
template <class T> T op_lsh(T a, T b) { return a << (b & (sizeof(T) * 8 - 1)); }
template <class T> T op_rsh(T a, T b) { return a >> (b & (sizeof(T) * 8 - 1)); }
template <class T> T op_arsh(T a, T b) { return static_cast<T>(static_cast<made_signed<T>>(a) >> (b & (sizeof(T) * 8 - 1))); }
template <class T> T op_neg(T a, T) { return T{0} - a; }
template <class T> T op_mov(T, T b) { return b; }
template <class T> T op_movs8(T, T b) { return static_cast<T>(static_cast<s8>(b)); }
template <class T> T op_movs16(T, T b) { return static_cast<T>(static_cast<s16>(b)); }
template <class T> T op_movs32(T, T b) { return static_cast<T>(static_cast<s32>(b)); }
// clang-format on

/// Is it the one division whose result does not fit, INT_MIN / -1? That wraps round to INT_MIN, remainder 0.
template <class T>
bool overflows(T a, T b) {
	return a == static_cast<T>(std::numeric_limits<made_signed<T>>::min()) && b == static_cast<T>(-1);
}
template <class T>
T op_sdiv(T a, T b) {
	if (b == 0 || overflows(a, b))
		return b == 0 ? T{0} : a;
	return static_cast<T>(static_cast<made_signed<T>>(a) / static_cast<made_signed<T>>(b));
}
template <class T>
T op_smod(T a, T b) {
	if (b == 0 || overflows(a, b))
		return b == 0 ? a : T{0};
	return static_cast<T>(static_cast<made_signed<T>>(a) % static_cast<made_signed<T>>(b));
}

template <class T, T (*Op)(T, T), bool ByRegister>
const step* alu(machine& m, const step* at) noexcept {
	const T right = static_cast<T>(ByRegister ? m.regs[at->src] : at->imm);
	m.regs[at->dst] = Op(static_cast<T>(m.regs[at->dst]), right);
	return at + 1;
}

template <class T, T (*Op)(T, T)>
step_fn by_source(bpf_insn insn) noexcept {
	return insn.code & insn_source::x ? alu<T, Op, true> : alu<T, Op, false>;
}

/// mov, by the width that it extends from (off: 0 for none).
template <class T>
step_fn mov_step(bpf_insn insn) noexcept {
	switch (insn.off) {
	case 8:
		return alu<T, op_movs8<T>, true>;
	case 16:
		return alu<T, op_movs16<T>, true>;
	case 32:
		return alu<T, op_movs32<T>, true>;
	default:
		return by_source<T, op_mov<T>>(insn);
	}
}

template <class T>
step_fn arithmetic(bpf_insn insn) noexcept {
	const bool is_signed = insn.off == 1;
	switch (insn.code & alu_op::mask) {
	case alu_op::add:
		return by_source<T, op_add<T>>(insn);
	case alu_op::sub:
		return by_source<T, op_sub<T>>(insn);
	case alu_op::mul:
		return by_source<T, op_mul<T>>(insn);
	case alu_op::div:
		return is_signed ? by_source<T, op_sdiv<T>>(insn) : by_source<T, op_div<T>>(insn);
	case alu_op::mod:
		return is_signed ? by_source<T, op_smod<T>>(insn) : by_source<T, op_mod<T>>(insn);
	case alu_op::or_:
		return by_source<T, op_or<T>>(insn);
	case alu_op::and_:
		return by_source<T, op_and<T>>(insn);
	case alu_op::xor_:
		return by_source<T, op_xor<T>>(insn);
	case alu_op::lsh:
		return by_source<T, op_lsh<T>>(insn);
	case alu_op::rsh:
		return by_source<T, op_rsh<T>>(insn);
	case alu_op::arsh:
		return by_source<T, op_arsh<T>>(insn);
	case alu_op::neg:
		return alu<T, op_neg<T>, false>;
	case alu_op::mov:
		return mov_step<T>(insn);
	default:
		return nullptr;
	}
}

/// The low bytes of dst, as T, in another order if `Swap`; the rest becomes 0.
template <class T, bool Swap>
const step* reorder(machine& m, const step* at) noexcept {
	const auto low = static_cast<T>(m.regs[at->dst]);
	if constexpr (!Swap)
		m.regs[at->dst] = low;
	else if constexpr (sizeof(T) == 2)
		m.regs[at->dst] = __builtin_bswap16(low);
	else if constexpr (sizeof(T) == 4)
		m.regs[at->dst] = __builtin_bswap32(low);
	else
		m.regs[at->dst] = __builtin_bswap64(low);
	return at + 1;
}

/// le and be swap if that is not the machine's order, bswap (ALU64) always does.
step_fn byte_order_step(bpf_insn insn) noexcept {
	const bool always = (insn.code & insn_class::mask) == insn_class::alu64;
	const bool to_big = insn.code & insn_source::x;
	const bool swap = always || to_big == (std::endian::native == std::endian::little);
	switch (insn.imm) {
	case 16:
		return swap ? reorder<u16, true> : reorder<u16, false>;
	case 32:
		return swap ? reorder<u32, true> : reorder<u32, false>;
	case 64:
		return swap ? reorder<u64, true> : reorder<u64, false>;
	default:
		return nullptr;
	}
}

} // namespace

step_fn alu_step(bpf_insn insn) noexcept {
	if ((insn.code & alu_op::mask) == alu_op::end)
		return byte_order_step(insn);
	return (insn.code & insn_class::mask) == insn_class::alu64 ? arithmetic<u64>(insn)
															   : arithmetic<u32>(insn);
}

} // namespace sockops::vm
