// SPDX-License-Identifier: MIT
// The string kfuncs of 6.17 and 6.18: what they answer. Each reads byte after byte, as the kernel does of
// memory that may not be there: a reader gives a byte (0 to 255) or -errno.
#pragma once

#include <cerrno>

#include <sockops/kern/types.hpp>

namespace sockops::vm {

inline constexpr int max_string = 65'536; ///< bytes; longer ones are -E2BIG

constexpr int lower_case(int c) noexcept { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

/// bpf_strcmp(), bpf_strcasecmp(): -1, 0, 1.
template <class Read>
int compare_strings(Read left, Read right, bool ignore_case) noexcept {
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
template <class Read>
int find_char(Read text, u64 count, int c) noexcept {
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
template <class Read>
int find_char_or_end(Read text, int c) noexcept {
	for (int at = 0; at != max_string; ++at) {
		const int here = text(at);
		if (here < 0 || here == c || here == 0)
			return here < 0 ? here : at;
	}
	return -E2BIG;
}
/// bpf_strrchr(): the last place.
template <class Read>
int find_last_char(Read text, int c) noexcept {
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
template <class Read>
int length_of(Read text, u64 count) noexcept {
	for (int at = 0; at != max_string; ++at) {
		if (static_cast<u64>(at) == count)
			return at;
		const int here = text(at);
		if (here <= 0)
			return here < 0 ? here : at;
	}
	return -E2BIG;
}
/// bpf_strspn() and, with `rejects`, bpf_strcspn(): how many bytes at the beginning are of the set.
template <class Read>
int span_of(Read text, Read set, bool rejects) noexcept {
	for (int at = 0; at != max_string; ++at) {
		const int here = text(at);
		if (here <= 0)
			return here < 0 ? here : at;
		bool found = false;
		for (int i = 0; !found; ++i) {
			if (i == max_string)
				return -E2BIG;
			const int member = set(i);
			if (member < 0)
				return member;
			if (member == 0)
				break;
			found = member == here;
		}
		if (found == rejects)
			return at;
	}
	return -E2BIG;
}
/// bpf_strnstr(): where `wanted` begins within the first `len` bytes; -ENOENT.
template <class Read>
int find_string(Read text, Read wanted, u64 len) noexcept {
	for (int at = 0; at != max_string; ++at) {
		for (int i = 0;; ++i) {
			if (i == max_string)
				return -E2BIG;
			const int w = wanted(i);
			if (w <= 0)
				return w < 0 ? w : at;
			if (static_cast<u64>(at) + static_cast<u64>(i) >= len)
				return -ENOENT;
			const int here = text(at + i);
			if (here < 0)
				return here;
			if (here == 0)
				return -ENOENT;
			if (here != w)
				break;
		}
	}
	return -E2BIG;
}

} // namespace sockops::vm
