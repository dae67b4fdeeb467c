// SPDX-License-Identifier: MIT
#include "arithmetic.hpp"

#include "../instruction_words.hpp"
#include "rules.hpp"
#include "words.hpp"

namespace sockops::vm::check {

namespace {

constexpr s64 too_far = s64{1} << 29; ///< a kernel takes no pointer that far from where it led

bool has_places(holds what) noexcept {
	switch (what) {
	case holds::map:
	case holds::packet_end:
	case holds::sock:
	case holds::tcp_sock:
	case holds::function:
		return false;
	default:
		return true;
	}
}

objection forbidden(const subject& of, const known& pointer, const char* what, const char* remedy) {
	return broken(rules::pointer_arithmetic, std::string(what) + " " + in_words(of, pointer) + " prohibited",
				  remedy);
}

bool is_wide(bpf_insn insn) noexcept { return class_of(insn) == insn_class::alu64; }
u8 operation(bpf_insn insn) noexcept { return insn.code & alu_op::mask; }

/// A number further on; by one number, or by one of several.
objection move_pointer(subject& of, known& moved, const known& by, bool subtracts) {
	moved.past = past_end::not_known;
	if (by.is_constant()) {
		const auto distance = static_cast<s64>(subtracts ? u64{0} - by.values.first : by.values.first);
		if (distance >= too_far || distance <= -too_far || moved.fixed + distance >= too_far ||
			moved.fixed + distance <= -too_far)
			return broken(rules::pointer_arithmetic,
						  "math between " + in_words(of, moved) + " and the number " +
							  std::to_string(distance) + " is not allowed",
						  "a pointer stays below 2^29 bytes from where it led", EINVAL);
		moved.fixed += distance;
		return {};
	}
	if (by.values.is_every_number() && moved.is != holds::context && moved.is != holds::kernel_object)
		return broken(rules::value_bounds,
					  "math between " + in_words(of, moved) +
						  " and a number without any bound is not allowed",
					  {}, EINVAL);
	bpf_insn add{insn_class::alu64 | alu_op::add | insn_source::x, 0, 0, 0, 0};
	if (subtracts)
		add.code = insn_class::alu64 | alu_op::sub | insn_source::x;
	moved.values = arithmetic(of.calculate, add, moved.values, by.values);
	moved.varies = true;
	if (moved.is == holds::packet) { // what was compared was another place
		moved.id = of.new_id();
		moved.which = 0;
	}
	return {};
}

objection look_at_pointers(subject& of, known& dst, const known& left, const known& right, bpf_insn insn) {
	const u8 op = operation(insn);
	const known& base = left.is_pointer() ? left : right;
	const bool adds = op == alu_op::add, subtracts = op == alu_op::sub;
	if (!is_wide(insn) && subtracts) { // a kernel makes a number of it
		dst = number(all_of(32));
		return {};
	}
	if (!is_wide(insn))
		return forbidden(of, base, "32-bit pointer arithmetic on", rules::pointer_arithmetic.remedy);
	if (left.is_pointer() && right.is_pointer()) {
		if (!subtracts)
			return forbidden(of, base, "arithmetic with a second pointer on",
							 "two pointers can be subtracted from each other, or compared");
		dst = number(all_of(64));
		return {};
	}
	if (!adds && !subtracts)
		return forbidden(of, base, "bit operation, multiplication or division of",
						 "only numbers may be added to a pointer, or subtracted");
	if (right.is_pointer() && subtracts)
		return forbidden(of, base, "subtraction from a number of", "subtract the number from the pointer");
	if (base.may_be_null)
		return broken(rules::null_test, "pointer arithmetic on " + in_words(of, base) + " prohibited");
	const known& by = left.is_pointer() ? right : left;
	if (base.is == holds::function) {
		dst = not_known;
		return {};
	}
	if (!has_places(base.is)) {
		if (!by.is_number(0))
			return forbidden(of, base, "pointer arithmetic on", "it is only compared and passed on");
		dst = base;
		return {};
	}
	if (subtracts && base.is == holds::frame)
		return forbidden(of, base, "subtraction from", "add a negative number instead");
	known moved = base;
	if (objection wrong = move_pointer(of, moved, by, subtracts))
		return wrong;
	dst = moved;
	return {};
}

/// A copy, which a test of either tells of.
known linked_copy(subject& of, known& from) {
	if (from.is == holds::number && from.id == 0 && from.varies)
		give_identity(of, from);
	return from;
}

/// Of a number that is the same after it was sign-extended, a copy.
void move_extended(subject& of, known& dst, known& src, bpf_insn insn) {
	const u32 bits = static_cast<u32>(insn.off);
	const some_values from = src.is == holds::number ? src.values : all_of(64);
	if (src.is == holds::number && from.last() < u64{1} << (bits - 1)) {
		dst = linked_copy(of, src);
		return;
	}
	const bool varies = src.varies || src.is != holds::number;
	const some_values extended =
		from.is_every_number() ? some_values{0, ~u64{0}, 1} : sign_extended(from, bits / 8);
	dst = number(is_wide(insn) ? extended : low_half(extended));
	dst.varies = dst.varies || varies;
}

void move(subject& of, path& on, bpf_insn insn) {
	known& dst = on.regs[insn.dst_reg];
	if (!(insn.code & insn_source::x)) {
		const auto value = static_cast<u64>(s64{insn.imm});
		dst = number(is_wide(insn) ? value : value & 0xffff'ffff);
		return;
	}
	known& src = on.regs[insn.src_reg];
	if (src.is == holds::anything) {
		dst = not_known;
	} else if (insn.off != 0) {
		move_extended(of, dst, src, insn);
	} else if (is_wide(insn)) {
		dst = linked_copy(of, src);
	} else if (src.is != holds::number) {
		dst = number(all_of(32));
	} else if (src.values.last() <= 0xffff'ffff) {
		dst = linked_copy(of, src);
	} else {
		const bool varies = src.varies;
		dst = number(low_half(src.values));
		dst.varies = dst.varies || varies;
	}
}

/// The same number further on keeps its link.
void keep_link(known& result, const known& before, bpf_insn insn, const some_values& by) {
	const bool adds = operation(insn) == alu_op::add, subtracts = operation(insn) == alu_op::sub;
	if (before.id == 0 || !by.is_one() || (!adds && !subtracts))
		return;
	const s64 apart = static_cast<s64>(adds ? by.first : u64{0} - by.first);
	constexpr s64 most = s64{1} << 31; // a kernel keeps no link that is longer
	if (apart > most || apart < -most || before.fixed > most || before.fixed < -most)
		return;
	// By halves from a number of 32 bits alone: it is found again from what is so far from it.
	if (is_wide(insn) ? before.by_half
					  : before.values.last() > 0xffff'ffff || (before.fixed != 0 && !before.by_half))
		return;
	result.id = before.id;
	result.by_half = !is_wide(insn);
	result.fixed = before.fixed + apart;
}

} // namespace

objection look_at_arithmetic(subject& of, path& on, bpf_insn insn) {
	const u8 op = operation(insn);
	if (op == alu_op::mov)
		return move(of, on, insn), objection{};
	known& dst = on.regs[insn.dst_reg];
	const bool one_operand = op == alu_op::neg || op == alu_op::end;
	const bool by_register = insn.code & insn_source::x && op != alu_op::end;
	const known right = by_register ? on.regs[insn.src_reg] : number(static_cast<u64>(s64{insn.imm}));
	const known left = dst;
	if (left.is == holds::anything || (!one_operand && right.is == holds::anything)) {
		dst = not_known;
		return {};
	}
	if (one_operand && left.is_pointer()) {
		dst = number(all_of(is_wide(insn) || op == alu_op::end ? 64 : 32));
		return {};
	}
	if (left.is_pointer() || (!one_operand && right.is_pointer()))
		return look_at_pointers(of, dst, left, right, insn);
	dst = number(arithmetic(of.calculate, insn, left.values, right.values));
	dst.varies = dst.varies || left.varies || (!one_operand && right.varies);
	if (!one_operand)
		keep_link(dst, left, insn, right.values);
	return {};
}

} // namespace sockops::vm::check
