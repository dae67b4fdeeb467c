// SPDX-License-Identifier: MIT
#include "forms.hpp"

#include <algorithm>
#include <limits>

namespace isa {

namespace {

using namespace sockops;
using enum immediates;

// Of the low half, as 64 bits.
constexpr u64 low(u64 value) { return static_cast<u32>(value); }
constexpr s32 low_signed(u64 value) { return static_cast<s32>(value); }
constexpr s64 as_signed(u64 value) { return static_cast<s64>(value); }

/// Division that rounds to zero; by zero it gives 0, and the one overflow wraps.
template <class Signed>
constexpr Signed quotient(Signed left, Signed right) {
	if (right == 0)
		return 0;
	return right == -1 ? static_cast<Signed>(0 - static_cast<u64>(left)) : static_cast<Signed>(left / right);
}
/// The remainder has the sign of the left side; by zero it is the left side.
template <class Signed>
constexpr Signed remainder(Signed left, Signed right) {
	if (right == 0)
		return left;
	return right == -1 ? 0 : static_cast<Signed>(left % right);
}

/// Shifts that fill with the sign, by doubling instead of a shift of a negative number.
constexpr u64 shifted_signed(s64 value, u64 by) {
	const u64 bits = static_cast<u64>(value) >> by;
	return value < 0 && by ? bits | ~u64{0} << (64 - by) : bits;
}

constexpr u64 reversed(u64 value, int bytes) {
	u64 result = 0;
	for (int i = 0; i != bytes; ++i)
		result = result << 8 | (value >> (8 * i) & 0xff);
	return result;
}

constexpr form arithmetic[] = {
	{"r1 += r2", any, [](u64 d, u64 s) { return d + s; }},
	{"r1 -= r2", any, [](u64 d, u64 s) { return d - s; }},
	{"r1 *= r2", any, [](u64 d, u64 s) { return d * s; }},
	{"r1 /= r2", not_zero, [](u64 d, u64 s) { return s ? d / s : 0; }},
	{"r1 %= r2", not_zero, [](u64 d, u64 s) { return s ? d % s : d; }},
	{"r1 s/= r2", not_zero,
	 [](u64 d, u64 s) { return static_cast<u64>(quotient(as_signed(d), as_signed(s))); }},
	{"r1 s%= r2", not_zero,
	 [](u64 d, u64 s) { return static_cast<u64>(remainder(as_signed(d), as_signed(s))); }},
	{"r1 |= r2", any, [](u64 d, u64 s) { return d | s; }},
	{"r1 &= r2", any, [](u64 d, u64 s) { return d & s; }},
	{"r1 ^= r2", any, [](u64 d, u64 s) { return d ^ s; }},
	{"r1 <<= r2", below_64, [](u64 d, u64 s) { return d << (s & 63); }},
	{"r1 >>= r2", below_64, [](u64 d, u64 s) { return d >> (s & 63); }},
	{"r1 s>>= r2", below_64, [](u64 d, u64 s) { return shifted_signed(as_signed(d), s & 63); }},
	{"r1 = r2", any, [](u64, u64 s) { return s; }},
	{"w1 += w2", any, [](u64 d, u64 s) { return low(d + s); }},
	{"w1 -= w2", any, [](u64 d, u64 s) { return low(d - s); }},
	{"w1 *= w2", any, [](u64 d, u64 s) { return low(d * s); }},
	{"w1 /= w2", not_zero, [](u64 d, u64 s) { return low(s) ? low(d) / low(s) : 0; }},
	{"w1 %= w2", not_zero, [](u64 d, u64 s) { return low(s) ? low(d) % low(s) : low(d); }},
	{"w1 s/= w2", not_zero,
	 [](u64 d, u64 s) { return low(static_cast<u64>(s64{quotient(low_signed(d), low_signed(s))})); }},
	{"w1 s%= w2", not_zero,
	 [](u64 d, u64 s) { return low(static_cast<u64>(s64{remainder(low_signed(d), low_signed(s))})); }},
	{"w1 |= w2", any, [](u64 d, u64 s) { return low(d | s); }},
	{"w1 &= w2", any, [](u64 d, u64 s) { return low(d & s); }},
	{"w1 ^= w2", any, [](u64 d, u64 s) { return low(d ^ s); }},
	{"w1 <<= w2", below_32, [](u64 d, u64 s) { return low(d << (s & 31)); }},
	{"w1 >>= w2", below_32, [](u64 d, u64 s) { return low(d) >> (s & 31); }},
	{"w1 s>>= w2", below_32, [](u64 d, u64 s) { return low(shifted_signed(low_signed(d), s & 31)); }},
	{"w1 = w2", any, [](u64, u64 s) { return low(s); }},
	{"r1 = -r1", none, [](u64 d, u64) { return 0 - d; }},
	{"w1 = -w1", none, [](u64 d, u64) { return low(0 - d); }},
	{"r1 = (s8)r2", none, [](u64, u64 s) { return static_cast<u64>(s64{static_cast<std::int8_t>(s)}); }},
	{"r1 = (s16)r2", none, [](u64, u64 s) { return static_cast<u64>(s64{static_cast<s16>(s)}); }},
	{"r1 = (s32)r2", none, [](u64, u64 s) { return static_cast<u64>(s64{low_signed(s)}); }},
	{"w1 = (s8)w2", none, [](u64, u64 s) { return low(static_cast<u64>(s64{static_cast<std::int8_t>(s)})); }},
	{"w1 = (s16)w2", none, [](u64, u64 s) { return low(static_cast<u64>(s64{static_cast<s16>(s)})); }},
	{"r1 = bswap16 r1", none, [](u64 d, u64) { return reversed(d, 2); }},
	{"r1 = bswap32 r1", none, [](u64 d, u64) { return reversed(d, 4); }},
	{"r1 = bswap64 r1", none, [](u64 d, u64) { return reversed(d, 8); }},
	// On a machine whose low byte comes first, which is what the kernel's answers were recorded on.
	{"r1 = be16 r1", none, [](u64 d, u64) { return reversed(d, 2); }},
	{"r1 = be32 r1", none, [](u64 d, u64) { return reversed(d, 4); }},
	{"r1 = be64 r1", none, [](u64 d, u64) { return reversed(d, 8); }},
	{"r1 = le16 r1", none, [](u64 d, u64) { return d & 0xffff; }},
	{"r1 = le32 r1", none, [](u64 d, u64) { return low(d); }},
	{"r1 = le64 r1", none, [](u64 d, u64) { return d; }},
};

constexpr form comparisons[] = {
	{"r1 == r2", any, [](u64 d, u64 s) { return u64{d == s}; }, true},
	{"r1 != r2", any, [](u64 d, u64 s) { return u64{d != s}; }, true},
	{"r1 > r2", any, [](u64 d, u64 s) { return u64{d > s}; }, true},
	{"r1 >= r2", any, [](u64 d, u64 s) { return u64{d >= s}; }, true},
	{"r1 < r2", any, [](u64 d, u64 s) { return u64{d < s}; }, true},
	{"r1 <= r2", any, [](u64 d, u64 s) { return u64{d <= s}; }, true},
	{"r1 s> r2", any, [](u64 d, u64 s) { return u64{as_signed(d) > as_signed(s)}; }, true},
	{"r1 s>= r2", any, [](u64 d, u64 s) { return u64{as_signed(d) >= as_signed(s)}; }, true},
	{"r1 s< r2", any, [](u64 d, u64 s) { return u64{as_signed(d) < as_signed(s)}; }, true},
	{"r1 s<= r2", any, [](u64 d, u64 s) { return u64{as_signed(d) <= as_signed(s)}; }, true},
	{"r1 & r2", any, [](u64 d, u64 s) { return u64{(d & s) != 0}; }, true},
	{"w1 == w2", any, [](u64 d, u64 s) { return u64{low(d) == low(s)}; }, true},
	{"w1 != w2", any, [](u64 d, u64 s) { return u64{low(d) != low(s)}; }, true},
	{"w1 > w2", any, [](u64 d, u64 s) { return u64{low(d) > low(s)}; }, true},
	{"w1 >= w2", any, [](u64 d, u64 s) { return u64{low(d) >= low(s)}; }, true},
	{"w1 < w2", any, [](u64 d, u64 s) { return u64{low(d) < low(s)}; }, true},
	{"w1 <= w2", any, [](u64 d, u64 s) { return u64{low(d) <= low(s)}; }, true},
	{"w1 s> w2", any, [](u64 d, u64 s) { return u64{low_signed(d) > low_signed(s)}; }, true},
	{"w1 s>= w2", any, [](u64 d, u64 s) { return u64{low_signed(d) >= low_signed(s)}; }, true},
	{"w1 s< w2", any, [](u64 d, u64 s) { return u64{low_signed(d) < low_signed(s)}; }, true},
	{"w1 s<= w2", any, [](u64 d, u64 s) { return u64{low_signed(d) <= low_signed(s)}; }, true},
	{"w1 & w2", any, [](u64 d, u64 s) { return u64{low(d & s) != 0}; }, true},
};

} // namespace

std::span<const form> arithmetic_forms() { return arithmetic; }
std::span<const form> comparison_forms() { return comparisons; }

} // namespace isa
