// SPDX-License-Identifier: MIT
// What a conditional jump tells of the numbers that it compares.

#include <algorithm>
#include <bit>

#include "../load_check.hpp"
#include "values.hpp"

namespace sockops::vm::check {

namespace {

using sides = std::optional<std::pair<some_values, some_values>>;

constexpr u64 top = u64{1} << 63;

/// The condition that holds where this one does not.
u8 opposite(u8 op) noexcept {
	switch (op) {
	case jmp_op::jeq:
		return jmp_op::jne;
	case jmp_op::jne:
		return jmp_op::jeq;
	case jmp_op::jgt:
		return jmp_op::jle;
	case jmp_op::jge:
		return jmp_op::jlt;
	case jmp_op::jlt:
		return jmp_op::jge;
	case jmp_op::jle:
		return jmp_op::jgt;
	case jmp_op::jsgt:
		return jmp_op::jsle;
	case jmp_op::jsge:
		return jmp_op::jslt;
	case jmp_op::jslt:
		return jmp_op::jsge;
	default:
		return jmp_op::jsgt;
	}
}

sides pair_of(const std::optional<some_values>& left, const std::optional<some_values>& right) noexcept {
	return left && right ? sides(std::pair(*left, *right)) : std::nullopt;
}

sides equal(const some_values& left, const some_values& right) noexcept {
	if (left.is_range() && right.is_range()) {
		const auto common = cut(left, right.first, right.last());
		return pair_of(common, common);
	}
	for (const u64 value : {right.first, right.last(), left.first, left.last()})
		if (left.has(value) && right.has(value))
			return std::pair(one(value), one(value));
	return std::nullopt;
}

/// Is it where a kernel's ranges end, whatever is known of the number?
bool is_edge(u64 value) noexcept {
	for (const u64 each : {top, top - 1, u64{1} << 31, (u64{1} << 31) - 1, (u64{1} << 32) - 1})
		if (value == each || value == ~each)
			return true;
	return false;
}

/// Only what stands at an end of the range is remembered.
std::optional<some_values> without(const some_values& from, u64 value) noexcept {
	if (!from.has(value))
		return from;
	if (from.is_one())
		return std::nullopt;
	if (value == from.first)
		return some_values{from.first + from.step, from.step, from.more - 1};
	if (value == from.last())
		return some_values{from.first, from.step, from.more - 1};
	if (from.is_range() && !is_edge(value))
		return from;
	const auto below = cut(from, 0, value - 1), above = cut(from, value + 1, ~u64{0});
	return below && (!above || below->more >= above->more) ? below : above;
}

sides unequal(const some_values& left, const some_values& right) noexcept {
	if (right.is_one())
		return pair_of(without(left, right.first), right);
	if (left.is_one())
		return pair_of(left, without(right, left.first));
	return std::pair(left, right);
}

sides unsigned_order(u8 op, const some_values& left, const some_values& right) noexcept {
	const u64 first = right.first, last = right.last();
	switch (op) {
	case jmp_op::jgt:
		return first == ~u64{0} || left.last() == 0
				   ? std::nullopt
				   : pair_of(cut(left, first + 1, ~u64{0}), cut(right, 0, left.last() - 1));
	case jmp_op::jge:
		return pair_of(cut(left, first, ~u64{0}), cut(right, 0, left.last()));
	case jmp_op::jlt:
		return last == 0 || left.first == ~u64{0}
				   ? std::nullopt
				   : pair_of(cut(left, 0, last - 1), cut(right, left.first + 1, ~u64{0}));
	default:
		return pair_of(cut(left, 0, last), cut(right, left.first, ~u64{0}));
	}
}

/// Values from `middle` on count as lower than those below. They are no one set with them: of the two parts
/// the first one asked for is that in which the number is with which they are compared.
sides signed_order(u8 op, const some_values& left, some_values right, u64 middle, unsigned part) noexcept {
	if (!right.is_one())
		right = one(right.first);
	const u64 end = middle - 1 + middle; // the greatest, unsigned: -1
	const u64 value = right.first;
	const bool is_lower = value >= middle;
	const bool wants_more = op == jmp_op::jsgt || op == jmp_op::jsge;
	const bool with_equal = op == jmp_op::jsge || op == jmp_op::jsle;
	std::optional<some_values> same, other; // in the same half as the value; in the other one
	const u64 half_first = is_lower ? middle : 0, half_last = is_lower ? end : middle - 1;
	if (wants_more)
		same = with_equal || value != half_last ? cut(left, value + (with_equal ? 0 : 1), half_last) : same;
	else
		same = with_equal || value != half_first ? cut(left, half_first, value - (with_equal ? 0 : 1)) : same;
	if (wants_more == is_lower)
		other = is_lower ? cut(left, 0, middle - 1) : cut(left, middle, end);
	if (!same)
		std::swap(same, other);
	return pair_of(part == 0 ? same : other, right);
}

sides bits(const some_values& left, const some_values& right, bool any) noexcept {
	if (!right.is_one())
		return std::nullopt;
	const u64 mask = right.first;
	if (left.is_range() && left.more >= 1 && mask != 0 && std::bit_width(mask) < 64) {
		const u64 bit = any ? mask & (u64{0} - mask) : std::bit_floor(mask);
		const u64 begin = any ? bit : 0, step = bit * 2;
		const u64 rounds = left.first <= begin ? 0 : (left.first - begin + step - 1) / step;
		const u64 first = begin + rounds * step;
		if (first >= left.first && first <= left.last() && step != 0)
			return std::pair(some_values{first, step, (left.last() - first) / step}, right);
	}
	for (const u64 value : {left.first, left.last()})
		if (((value & mask) != 0) == any)
			return std::pair(one(value), right);
	return std::nullopt;
}

} // namespace

bool is_signed_comparison(bpf_insn insn) noexcept {
	const u8 op = insn.code & jmp_op::mask;
	return op == jmp_op::jsgt || op == jmp_op::jsge || op == jmp_op::jslt || op == jmp_op::jsle;
}

sides where(bpf_insn insn, const some_values& left_in, const some_values& right_in, bool taken,
			unsigned part) noexcept {
	const bool is_wide = class_of(insn) == insn_class::jmp;
	const u8 op = insn.code & jmp_op::mask;
	const auto half = [&](const some_values& of) {
		if (is_wide)
			return std::optional(of);
		const auto low = cut(of, 0, 0xffff'ffff);
		return low ? low : of.is_one() ? std::optional(one(of.first & 0xffff'ffff)) : std::nullopt;
	};
	const std::optional<some_values> left = half(left_in), right = half(right_in);
	if (!left || !right)
		return std::nullopt;
	if (part != 0 && !is_signed_comparison(insn))
		return std::nullopt;
	sides found;
	const u8 holds = taken || op == jmp_op::jset ? op : opposite(op);
	switch (holds) {
	case jmp_op::jset:
		found = bits(*left, *right, taken);
		break;
	case jmp_op::jeq:
		found = equal(*left, *right);
		break;
	case jmp_op::jne:
		found = unequal(*left, *right);
		break;
	case jmp_op::jgt:
	case jmp_op::jge:
	case jmp_op::jlt:
	case jmp_op::jle:
		found = unsigned_order(holds, *left, *right);
		break;
	default:
		found = signed_order(holds, *left, *right, is_wide ? top : u64{1} << 31, part);
	}
	// Of numbers whose upper halves are not 0 the lower ones alone are known.
	if (found && !is_wide && left_in.is_one())
		found->first = left_in;
	if (found && !is_wide && right_in.is_one())
		found->second = right_in;
	return found;
}

} // namespace sockops::vm::check
