// SPDX-License-Identifier: MIT
// Arithmetic on sets of values. Each function may leave values out, and a rule of thumb does where nothing
// better is known: an operation on two sets can leave what it makes of their first and of their last values.

#include "values.hpp"

#include <algorithm>
#include <bit>

#include "../load_check.hpp"

namespace sockops::vm::check {

namespace {

constexpr u64 top = u64{1} << 63;
constexpr u64 low_mask = 0xffff'ffff;

bool is_negative(u64 value) noexcept { return (value & top) != 0; }

/// Two values, in one set.
some_values both(u64 a, u64 b) noexcept {
	return a == b ? one(a) : some_values{std::min(a, b), std::max(a, b) - std::min(a, b), 1};
}

/// The same ones, each a number further on; those that stay below 2^64, if not all go beyond.
some_values moved(const some_values& of, u64 by) noexcept {
	const u64 first = of.first + by, last = of.last() + by;
	if (first <= last || of.is_one())
		return {first, of.step, of.more};
	const u64 before = (~by) >= of.first ? (~by - of.first) / of.step : 0; // how many stay below
	const some_values low{first, of.step, before};
	const u64 rest = of.more - before - 1;
	return before >= rest ? low : some_values{of.first + of.step * (before + 1) + by, of.step, rest};
}

some_values added(const some_values& left, const some_values& right) noexcept {
	if (right.is_one())
		return moved(left, right.first);
	if (left.is_one())
		return moved(right, left.first);
	if (!left.is_range() || !right.is_range())
		return moved(left, right.first);
	const u64 first = left.first + right.first, last = left.last() + right.last();
	const bool first_wraps = first < left.first, last_wraps = last < left.last();
	if (first_wraps == last_wraps)
		return between(first, last);
	return between(first, ~u64{0});
}

some_values subtracted(const some_values& left, const some_values& right) noexcept {
	if (right.is_one())
		return moved(left, u64{0} - right.first);
	if (left.is_range() && right.is_range() && left.first >= right.last())
		return between(left.first - right.last(), left.last() - right.first);
	return both(left.first - right.last(), left.last() - right.first);
}

/// Times a number: those that stay below 2^64.
some_values scaled(const some_values& of, u64 factor) noexcept {
	if (factor == 0)
		return one(0);
	const u64 room = ~u64{0} / factor;
	if (of.first > room || of.step > room)
		return one(of.first * factor);
	const u64 fit = of.step == 0 ? 0 : (room - of.first) / of.step;
	return {of.first * factor, of.step * factor, std::min(of.more, fit)};
}

/// Any of these bits set or not: those with the lowest ones that stand together.
some_values with_any_of(u64 bits, u64 always) noexcept {
	if (bits == 0)
		return one(always);
	const int below = std::countr_zero(bits), ones = std::countr_one(bits >> below);
	return {always, u64{1} << below, ones == 64 ? ~u64{0} : (u64{1} << ones) - 1};
}

some_values masked(const some_values& of, u64 mask) noexcept {
	if (mask == 0)
		return one(0);
	const u64 span = mask == ~u64{0} ? mask : std::bit_floor(mask) * 2 - 1;
	if (of.is_range() && of.more >= span)
		return with_any_of(mask, 0);
	if (of.is_range() && mask == span && (of.first & ~mask) == (of.last() & ~mask))
		return between(of.first & mask, of.last() & mask);
	return both(of.first & mask, of.last() & mask);
}

/// What the step itself makes of two numbers.
some_values by_step(calculator& calculate, bpf_insn insn, const some_values& left, const some_values& right) {
	const auto of = [&](u64 a, u64 b) { return calculate.arithmetic(insn, a, b); };
	return both(of(left.first, right.first), of(left.last(), right.last()));
}

bool forgets(u8 op, bool by_register, const some_values& right, u64 bits) noexcept {
	if (op == alu_op::div || op == alu_op::mod)
		return true;
	const bool shifts = op == alu_op::lsh || op == alu_op::rsh || op == alu_op::arsh;
	return shifts && by_register && (!right.is_one() || right.first >= bits);
}

bool commutes(u8 op) noexcept {
	return op == alu_op::and_ || op == alu_op::or_ || op == alu_op::xor_ || op == alu_op::mul;
}

/// All numbers of so many bits as the last one has?
bool is_all_below(const some_values& of) noexcept {
	return of.first == 0 && of.is_range() && (of.last() & (of.last() + 1)) == 0;
}

some_values wide(calculator& calculate, bpf_insn insn, const some_values& left, const some_values& right) {
	if (commutes(insn.code & alu_op::mask) && left.is_one() && !right.is_one())
		return wide(calculate, insn, right, left);
	switch (insn.code & alu_op::mask) {
	case alu_op::add:
		return added(left, right);
	case alu_op::sub:
		return subtracted(left, right);
	case alu_op::mul:
		return right.is_one() && left.more ? scaled(left, right.first)
										   : by_step(calculate, insn, left, right);
	case alu_op::lsh:
		return scaled(left, u64{1} << (right.first & 63));
	case alu_op::rsh:
		return left.is_range() ? between(left.first >> (right.first & 63), left.last() >> (right.first & 63))
							   : by_step(calculate, insn, left, right);
	case alu_op::or_:
		return right.is_one() && is_all_below(left) ? with_any_of(left.last() & ~right.first, right.first)
													: by_step(calculate, insn, left, right);
	case alu_op::xor_: {
		const u64 above = right.first & ~left.last();
		return right.is_one() && is_all_below(left) ? between(above, above + left.last())
													: by_step(calculate, insn, left, right);
	}
	case alu_op::and_:
		return right.is_one() ? masked(left, right.first) : by_step(calculate, insn, left, right);
	default:
		return by_step(calculate, insn, left, right);
	}
}

} // namespace

s64 some_values::least() const noexcept {
	if (is_negative(first) || !is_negative(last()))
		return static_cast<s64>(first);
	const u64 below = (top - 1 - first) / step; // the last one that is not negative
	return static_cast<s64>(first + step * (below + 1));
}
s64 some_values::greatest() const noexcept {
	if (is_negative(first) == is_negative(last()))
		return static_cast<s64>(last());
	return static_cast<s64>(first + step * ((top - 1 - first) / step));
}

std::optional<some_values> cut(const some_values& from, u64 low, u64 high) noexcept {
	if (low > high || from.first > high || from.last() < low)
		return std::nullopt;
	const u64 skipped = from.first >= low ? 0 : (low - from.first + from.step - 1) / from.step;
	const u64 first = from.first + from.step * skipped;
	if (first > high || first < low)
		return std::nullopt;
	return some_values{first, from.step, std::min(from.more - skipped, (high - first) / from.step)};
}

some_values low_half(const some_values& of) noexcept {
	if (of.last() <= low_mask)
		return of;
	if (of.is_range() && of.more >= low_mask)
		return all_of(32);
	if ((of.first >> 32) == (of.last() >> 32))
		return {of.first & low_mask, of.step, of.more};
	if ((of.last() >> 32) - (of.first >> 32) != 1)
		return both(of.first & low_mask, of.last() & low_mask);
	const u64 before = (low_mask - (of.first & low_mask)) / of.step; // those on this side, after the first
	const u64 rest = of.more - before - 1;
	return before >= rest ? some_values{of.first & low_mask, of.step, before}
						  : some_values{(of.first + of.step * (before + 1)) & low_mask, of.step, rest};
}

some_values arithmetic(calculator& calculate, bpf_insn insn, const some_values& left,
					   const some_values& right) {
	const bool is_wide = class_of(insn) == insn_class::alu64;
	const u8 op = insn.code & alu_op::mask;
	const u32 bits = is_wide ? 64 : 32;
	if (forgets(op, insn.code & insn_source::x, is_wide ? right : low_half(right), bits))
		return all_of(bits);
	if (op == alu_op::end ||
		op == alu_op::neg) { // other orders of the same bits; none of all numbers is missing
		const u32 kept = op == alu_op::end ? static_cast<u32>(insn.imm) : bits;
		const bool is_all = left.is_range() && left.more >= all_of(kept).more;
		return is_all ? all_of(kept) : by_step(calculate, insn, left, right);
	}
	if (is_wide)
		return wide(calculate, insn, left, right);
	if (op == alu_op::arsh || op == alu_op::mov)
		return by_step(calculate, insn, left, right);
	bpf_insn as_wide = insn;
	as_wide.code = static_cast<u8>((insn.code & ~insn_class::mask) | insn_class::alu64);
	return low_half(wide(calculate, as_wide, low_half(left), low_half(right)));
}

some_values further_on(const some_values& of, u64 by, bool by_half) noexcept {
	return by_half ? low_half(moved(of, by)) : moved(of, by);
}

some_values sign_extended(const some_values& of, u32 bytes) noexcept {
	const auto extend = [&](u64 value) {
		const u32 unused = 64 - bytes * 8;
		return static_cast<u64>(static_cast<s64>(value << unused) >> unused);
	};
	return both(extend(of.first), extend(of.last()));
}

} // namespace sockops::vm::check
