// SPDX-License-Identifier: MIT
// A number at the beginning of a text that need not end with NUL: what bpf_strtol() and bpf_strtoul() take.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <sockops/kern/types.hpp>

namespace sockops::helper {

/// 0 to 15; 16 for what is no digit.
constexpr u64 digit_of(char c) noexcept {
	if (c >= '0' && c <= '9')
		return static_cast<u64>(c - '0');
	const char lower = static_cast<char>(c | 0x20);
	return lower >= 'a' && lower <= 'f' ? static_cast<u64>(lower - 'a') + 10 : 16;
}

/// Spaces, a minus (signed only), digits in base 8, 10 or 16, or by their prefix in base 0; what follows them
/// is not looked at. The characters taken, and the number in `value`; -EINVAL: another base, or no digits;
/// -ERANGE: too large.
template <class T>
int strto(const char* text, std::size_t size, u64 base, T& value) noexcept {
	if (base != 0 && base != 8 && base != 10 && base != 16)
		return -EINVAL;
	std::size_t at = 0;
	while (at != size && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r')))
		++at;
	bool negative = false;
	if (at != size && text[at] == '-') {
		negative = true;
		++at;
	}
	if (negative && std::is_unsigned_v<T>)
		return -EINVAL;
	constexpr std::size_t most = 63; // what is looked at of the digits, their prefix included
	size = std::min(size, at + most);
	const bool hex_prefix =
		at + 2 < size && text[at] == '0' && (text[at + 1] | 0x20) == 'x' && digit_of(text[at + 2]) < 16;
	if (base == 0)
		base = hex_prefix ? 16 : at != size && text[at] == '0' ? 8 : 10;
	if (base == 16 && hex_prefix)
		at += 2;

	u64 number = 0;
	const std::size_t first = at;
	for (; at != size; ++at) {
		const u64 digit = digit_of(text[at]);
		if (digit >= base)
			break;
		if (number > (~u64{0} - digit) / base)
			return -ERANGE;
		number = number * base + digit;
	}
	if (at == first)
		return -EINVAL;
	if (std::is_signed_v<T> && number > static_cast<u64>(std::numeric_limits<s64>::max()) + negative)
		return -ERANGE;
	value = static_cast<T>(negative ? 0 - number : number);
	return static_cast<int>(at);
}

} // namespace sockops::helper
