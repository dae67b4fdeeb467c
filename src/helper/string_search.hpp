// SPDX-License-Identifier: MIT
// The string kfuncs of 6.17 and 6.18: what they look for. Each reads byte after byte, as the kernel does of
// memory that may not be there.
#pragma once

#include <bitset>
#include <cerrno>
#include <vector>

#include "unsafe_text.hpp"

namespace sockops::helper {

inline constexpr int max_string = 65'536; ///< bytes; longer ones are -E2BIG

constexpr int lower_case(int c) noexcept { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

/// bpf_strcmp(), bpf_strcasecmp(): -1, 0, 1.
inline int compare_strings(unsafe_text& left, unsafe_text& right, bool ignore_case) noexcept {
	for (int at = 0; at != max_string; ++at) {
		int a = left(at);
		if (a < 0)
			return a;
		int b = right(at);
		if (b < 0)
			return b;
		if (ignore_case)
			a = lower_case(a), b = lower_case(b);
		if (a != b)
			return a < b ? -1 : 1;
		if (a == 0)
			return 0;
	}
	return -E2BIG;
}

/// bpf_strnchr(): where `c` is within the first `count` bytes (c may be 0); -ENOENT.
inline int find_char(unsafe_text& text, u64 count, int c) noexcept {
	for (int at = 0; at != max_string && static_cast<u64>(at) < count; ++at) {
		const int here = text(at);
		if (here < 0 || here == c)
			return here < 0 ? here : at;
		if (here == 0)
			return -ENOENT;
	}
	return count < max_string ? -ENOENT : -E2BIG;
}
/// bpf_strchrnul(): where `c` is, or the end.
inline int find_char_or_end(unsafe_text& text, int c) noexcept {
	for (int at = 0; at != max_string; ++at) {
		const int here = text(at);
		if (here < 0 || here == c || here == 0)
			return here < 0 ? here : at;
	}
	return -E2BIG;
}
/// bpf_strrchr(): the last place.
inline int find_last_char(unsafe_text& text, int c) noexcept {
	int last = -ENOENT;
	for (int at = 0; at != max_string; ++at) {
		const int here = text(at);
		if (here < 0)
			return here;
		if (here == c)
			last = at;
		if (here == 0)
			return last;
	}
	return -E2BIG;
}
/// bpf_strnlen(): at most `count`.
inline int length_of(unsafe_text& text, u64 count) noexcept {
	for (int at = 0; at != max_string; ++at) {
		if (static_cast<u64>(at) == count)
			return at;
		const int here = text(at);
		if (here <= 0)
			return here < 0 ? here : at;
	}
	return -E2BIG;
}
/// bpf_strspn() and, with `rejects`, bpf_strcspn(): how many bytes at the beginning are of the set. Each
/// string is read once: of the set, what a kernel that looks for each byte from its beginning has come to.
inline int span_of(unsafe_text& text, unsafe_text& set, bool rejects) noexcept {
	std::bitset<256> members;
	int members_read = 0;
	bool all = false;
	for (int at = 0; at != max_string; ++at) {
		const int here = text(at);
		if (here <= 0)
			return here < 0 ? here : at;
		while (!all && !members[static_cast<u8>(here)]) {
			if (members_read == max_string)
				return -E2BIG;
			const int member = set(members_read++);
			if (member < 0)
				return member;
			all = member == 0;
			members[static_cast<u8>(member)] = !all;
		}
		if (members[static_cast<u8>(here)] == rejects)
			return at;
	}
	return -E2BIG;
}

/// How much of a string's beginning can be kept when what follows it does not match, as Knuth, Morris and
/// Pratt have it. Made as far as it is asked for.
class string_borders {
  public:
	explicit string_borders(unsafe_text& of) noexcept : of_(of) {}
	/// The longest beginning of the first `length` bytes, and shorter than they, that they also end with.
	int of_first(int length) noexcept {
		while (known_.size() <= static_cast<std::size_t>(length))
			known_.push_back(static_cast<u16>(next()));
		return known_[static_cast<std::size_t>(length)];
	}

  private:
	int next() noexcept {
		const int last = of_(static_cast<int>(known_.size()) - 1);
		int border = known_.back();
		while (border != 0 && of_(border) != last)
			border = known_[static_cast<std::size_t>(border)];
		return of_(border) == last ? border + 1 : 0;
	}

	unsafe_text& of_;
	std::vector<u16> known_{0, 0}; ///< by length
};

/// bpf_strnstr(): where `wanted` begins within the first `len` bytes; -ENOENT.
inline int find_string(unsafe_text& text, unsafe_text& wanted, u64 len) noexcept {
	string_borders borders(wanted);
	int at = 0, same = 0; // from `at`, so many bytes are the wanted ones
	while (at < max_string) {
		if (same == max_string)
			return -E2BIG;
		const int w = wanted(same);
		if (w <= 0)
			return w < 0 ? w : at;
		if (static_cast<u64>(at) + static_cast<u64>(same) >= len)
			return -ENOENT;
		const int here = text(at + same);
		if (here <= 0)
			return here < 0 ? here : -ENOENT;
		if (here == w) {
			++same;
		} else if (same == 0) {
			++at;
		} else {
			const int kept = borders.of_first(same);
			at += same - kept;
			same = kept;
		}
	}
	return -E2BIG;
}

} // namespace sockops::helper
