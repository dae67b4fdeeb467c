// SPDX-License-Identifier: MIT
// Arithmetic on values of which some bits were never written: which bits of the result depend on them. Each
// function takes the operands with their unwritten bits and returns the unwritten bits of the result; the
// result itself is computed elsewhere.
//
// A bit is unwritten if it differs between two ways of filling in the operands' unwritten bits. That is exact
// for what moves bits, for and, or, xor, add, sub, shifts by a known distance and all comparisons;
// multiplication, division and shifts by an unwritten distance may call a bit unwritten that could not
// differ.
#pragma once

#include <bit>
#include <limits>
#include <optional>
#include <type_traits>

#include <sockops/kern/types.hpp>

namespace sockops::vm {

/// A value, and a 1 for each of its bits that was never written.
template <class T>
struct partial {
	T value, undefined;

	/// The smallest and the largest number that it may be.
	constexpr T least() const noexcept { return static_cast<T>(value & ~undefined); }
	constexpr T most() const noexcept { return static_cast<T>(value | undefined); }
};

namespace undefined_bits {

template <class T>
using made_signed = std::make_signed_t<T>;

/// All bits from the highest one that differs downwards: of a number between the two.
template <class T>
constexpr T below_common_prefix(T low, T high) noexcept {
	const T differ = static_cast<T>(low ^ high);
	return differ == 0 ? T{0} : static_cast<T>(static_cast<T>(~T{0}) >> std::countl_zero(differ));
}

template <class T>
constexpr T all_or_none(partial<T> a, partial<T> b) noexcept {
	return a.undefined || b.undefined ? static_cast<T>(~T{0}) : T{0};
}

// clang-format off
template <class T> constexpr T of_and(partial<T> a, partial<T> b) noexcept { return static_cast<T>((a.undefined & b.most()) | (b.undefined & a.most())); }
template <class T> constexpr T of_or(partial<T> a, partial<T> b) noexcept { return static_cast<T>((a.undefined & ~b.least()) | (b.undefined & ~a.least())); }
template <class T> constexpr T of_xor(partial<T> a, partial<T> b) noexcept { return static_cast<T>(a.undefined | b.undefined); }
template <class T> constexpr T of_mov(partial<T>, partial<T> b) noexcept { return b.undefined; }
// clang-format on

/// Where a carry may or may not arrive, too.
template <class T>
constexpr T of_add(partial<T> a, partial<T> b) noexcept {
	const T fewest = static_cast<T>(a.least() + b.least()), most = static_cast<T>(a.most() + b.most());
	return static_cast<T>(a.undefined | b.undefined | (fewest ^ most));
}
template <class T>
constexpr T of_sub(partial<T> a, partial<T> b) noexcept {
	const T fewest = static_cast<T>(a.least() - b.most()), most = static_cast<T>(a.most() - b.least());
	return static_cast<T>(a.undefined | b.undefined | (fewest ^ most));
}
template <class T>
constexpr T of_neg(partial<T> a, partial<T>) noexcept {
	return of_sub<T>({0, 0}, a);
}

/// By hand, as on paper: a row for each bit of `b`.
template <class T>
constexpr T of_mul(partial<T> a, partial<T> b) noexcept {
	partial<T> sum{0, 0};
	for (unsigned bit = 0; bit != sizeof(T) * 8; ++bit) {
		const bool is_undefined = b.undefined >> bit & 1, is_set = b.value >> bit & 1;
		partial<T> row{static_cast<T>(a.value << bit), static_cast<T>(a.undefined << bit)};
		if (is_undefined)
			row = {0, static_cast<T>(row.most())};
		else if (!is_set)
			continue;
		sum = {static_cast<T>(sum.value + row.value), of_add(sum, row)};
	}
	return sum.undefined;
}

/// Unsigned; by 0 it is 0.
template <class T>
constexpr T of_div(partial<T> a, partial<T> b) noexcept {
	if (b.most() == 0 || (a.undefined == 0 && b.undefined == 0))
		return 0;
	if (b.least() == 0)
		return static_cast<T>(~T{0});
	return below_common_prefix<T>(a.least() / b.most(), a.most() / b.least());
}
/// Unsigned; by 0 it is the dividend.
template <class T>
constexpr T of_mod(partial<T> a, partial<T> b) noexcept {
	if (b.most() == 0 || (a.undefined == 0 && b.undefined == 0))
		return a.undefined;
	if (b.least() == 0)
		return static_cast<T>(~T{0});
	if (b.undefined == 0 && std::has_single_bit(b.value))
		return static_cast<T>(a.undefined & (b.value - 1));
	const T most = a.most() < static_cast<T>(b.most() - 1) ? a.most() : static_cast<T>(b.most() - 1);
	return below_common_prefix<T>(0, most);
}

/// The low 5 or 6 bits of the distance count.
template <class T, class Shift>
constexpr T shifted(partial<T> a, partial<T> by, Shift shift) noexcept {
	constexpr T counts = sizeof(T) * 8 - 1;
	if (by.undefined & counts)
		return a.most() == 0 ? T{0} : static_cast<T>(~T{0});
	return shift(a.undefined, by.value & counts);
}
template <class T>
constexpr T of_lsh(partial<T> a, partial<T> by) noexcept {
	return shifted(a, by, [](T bits, T distance) { return static_cast<T>(bits << distance); });
}
template <class T>
constexpr T of_rsh(partial<T> a, partial<T> by) noexcept {
	return shifted(a, by, [](T bits, T distance) { return static_cast<T>(bits >> distance); });
}
template <class T>
constexpr T of_arsh(partial<T> a, partial<T> by) noexcept {
	return shifted(a, by, [](T bits, T distance) {
		return static_cast<T>(static_cast<made_signed<T>>(bits) >> distance);
	});
}

/// The sign bit of `From` fills what is above it.
template <class T, class From>
constexpr T of_sign_extension(partial<T>, partial<T> b) noexcept {
	return static_cast<T>(static_cast<made_signed<T>>(static_cast<From>(b.undefined)));
}

// Comparisons: what they say whatever the unwritten bits are; nullopt: it depends on them.

template <class T>
constexpr std::optional<bool> equal(partial<T> a, partial<T> b) noexcept {
	const T written = static_cast<T>(~(a.undefined | b.undefined));
	if ((a.value ^ b.value) & written)
		return false;
	return written == static_cast<T>(~T{0}) ? std::optional(true) : std::nullopt;
}
template <class T>
constexpr std::optional<bool> share_a_bit(partial<T> a, partial<T> b) noexcept {
	if (a.least() & b.least())
		return true;
	return a.most() & b.most() ? std::nullopt : std::optional(false);
}
template <class T>
constexpr std::optional<bool> greater(partial<T> a, partial<T> b) noexcept {
	if (a.least() > b.most())
		return true;
	return a.most() > b.least() ? std::nullopt : std::optional(false);
}
/// With its sign bit turned over, a number compares unsigned as it did signed.
template <class T>
constexpr partial<T> without_sign(partial<T> a) noexcept {
	constexpr T sign = static_cast<T>(T{1} << (sizeof(T) * 8 - 1));
	return {static_cast<T>(a.value ^ sign), a.undefined};
}

} // namespace undefined_bits
} // namespace sockops::vm
