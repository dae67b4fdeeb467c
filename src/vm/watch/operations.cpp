// SPDX-License-Identifier: MIT
// Arithmetic and jumps of watched programs: which bits of a result nobody has written, and whether the way
// that is taken depends on one.
#include "operations.hpp"

#include "watched_machine.hpp"

namespace sockops::vm {

using namespace undefined_bits;

namespace {

template <class T>
partial<T> right_operand(const watched_machine& m, bpf_insn insn, bool by_register) noexcept {
	return by_register ? m.reg<T>(insn.src_reg) : partial<T>{static_cast<T>(s64{insn.imm}), 0};
}

template <class T, T (*Undefined)(partial<T>, partial<T>), bool ByRegister>
const step* follow_arithmetic(watched_machine& m, const watched_step& of, const step* at) noexcept {
	shadow& dst = m.shadows[of.insn.dst_reg];
	const partial<T> left = m.reg<T>(of.insn.dst_reg), right = right_operand<T>(m, of.insn, ByRegister);
	const bool takes_left = left.undefined && Undefined != of_mov<T>;
	const u64 undefined = Undefined(left, right);
	const origin_id origin = takes_left ? dst.origin : m.shadows[of.insn.src_reg].origin;
	const step* const next = at->run(m, at);
	dst = {undefined, undefined ? origin : 0};
	return next;
}

/// A register from itself: 0, whatever it was.
const step* follow_clearing(watched_machine& m, const watched_step& of, const step* at) noexcept {
	m.shadows[of.insn.dst_reg] = {};
	return at->run(m, at);
}

template <class T, class From>
const step* follow_sign_extension(watched_machine& m, const watched_step& of, const step* at) noexcept {
	const shadow src = m.shadows[of.insn.src_reg];
	const T undefined = of_sign_extension<T, From>({}, m.reg<T>(of.insn.src_reg));
	m.shadows[of.insn.dst_reg] = {undefined, src.origin};
	return at->run(m, at);
}

template <class T>
follow_fn follower_of_mov(bpf_insn insn) noexcept {
	switch (insn.off) {
	case 8:
		return follow_sign_extension<T, s8>;
	case 16:
		return follow_sign_extension<T, s16>;
	case 32:
		return follow_sign_extension<T, s32>;
	default:
		return insn.code & insn_source::x ? follow_arithmetic<T, of_mov<T>, true>
										  : follow_arithmetic<T, of_mov<T>, false>;
	}
}

template <class T, T (*Undefined)(partial<T>, partial<T>)>
follow_fn by_source(bpf_insn insn) noexcept {
	return insn.code & insn_source::x ? follow_arithmetic<T, Undefined, true>
									  : follow_arithmetic<T, Undefined, false>;
}

template <class T>
follow_fn follower_of_arithmetic(bpf_insn insn) noexcept {
	const bool is_signed = insn.off == 1;
	const bool of_itself = (insn.code & insn_source::x) && insn.src_reg == insn.dst_reg;
	switch (insn.code & alu_op::mask) {
	case alu_op::add:
		return by_source<T, of_add<T>>(insn);
	case alu_op::sub:
		return of_itself ? follow_clearing : by_source<T, of_sub<T>>(insn);
	case alu_op::mul:
		return by_source<T, of_mul<T>>(insn);
	case alu_op::div:
		return is_signed ? by_source<T, all_or_none<T>>(insn) : by_source<T, of_div<T>>(insn);
	case alu_op::mod:
		return is_signed ? by_source<T, all_or_none<T>>(insn) : by_source<T, of_mod<T>>(insn);
	case alu_op::or_:
		return by_source<T, of_or<T>>(insn);
	case alu_op::and_:
		return by_source<T, of_and<T>>(insn);
	case alu_op::xor_:
		return of_itself ? follow_clearing : by_source<T, of_xor<T>>(insn);
	case alu_op::lsh:
		return by_source<T, of_lsh<T>>(insn);
	case alu_op::rsh:
		return by_source<T, of_rsh<T>>(insn);
	case alu_op::arsh:
		return by_source<T, of_arsh<T>>(insn);
	case alu_op::neg:
		return follow_arithmetic<T, of_neg<T>, false>;
	default:
		return follower_of_mov<T>(insn);
	}
}

/// The unwritten bits go where the bits go: the step itself says where.
const step* follow_byte_order(watched_machine& m, const watched_step& of, const step* at) noexcept {
	u64& dst = m.regs[of.insn.dst_reg];
	u64& undefined = m.shadows[of.insn.dst_reg].undefined;
	std::swap(dst, undefined);
	at->run(m, at);
	std::swap(dst, undefined);
	return at->run(m, at);
}

template <class T>
std::optional<bool> outcome(u8 op, partial<T> a, partial<T> b) noexcept {
	const partial<T> sa = without_sign(a), sb = without_sign(b);
	switch (op) {
	case jmp_op::jeq:
	case jmp_op::jne:
		return equal(a, b);
	case jmp_op::jset:
		return share_a_bit(a, b);
	case jmp_op::jgt:
	case jmp_op::jle:
		return greater(a, b);
	case jmp_op::jlt:
	case jmp_op::jge:
		return greater(b, a);
	case jmp_op::jsgt:
	case jmp_op::jsle:
		return greater(sa, sb);
	default: // jslt, jsge
		return greater(sb, sa);
	}
}

template <class T>
const step* follow_jump(watched_machine& m, const watched_step& of, const step* at) noexcept {
	const bool by_register = of.insn.code & insn_source::x;
	const partial<T> left = m.reg<T>(of.insn.dst_reg), right = right_operand<T>(m, of.insn, by_register);
	if ((left.undefined | right.undefined) != 0 && !outcome(of.insn.code & jmp_op::mask, left, right))
		m.found_in_register(at, left.undefined ? of.insn.dst_reg : of.insn.src_reg, "branch",
							"which way it goes depends on whatever is there");
	return at->run(m, at);
}

} // namespace

follow_fn follower_of_alu(bpf_insn insn) noexcept {
	if ((insn.code & alu_op::mask) == alu_op::end)
		return follow_byte_order;
	return (insn.code & insn_class::mask) == insn_class::alu64 ? follower_of_arithmetic<u64>(insn)
															   : follower_of_arithmetic<u32>(insn);
}

follow_fn follower_of_conditional(bpf_insn insn) noexcept {
	return (insn.code & insn_class::mask) == insn_class::jmp32 ? follow_jump<u32> : follow_jump<u64>;
}

} // namespace sockops::vm
