// SPDX-License-Identifier: MIT
// Open-coded iterators over numbers and over the bits of words: the same interpreted and natively.
#pragma once

#include <bit>
#include <cerrno>

#include <sockops/kern/types.hpp>

namespace sockops::vm {

/// struct bpf_iter_num: numbers from begin_numbers()'s start to before its end.
struct number_iterator {
	s32 current; ///< the last number that was given
	s32 end;
};

/// 0; -EINVAL: start above end; -E2BIG: more than 8,388,608 numbers. After an error there is none.
inline int begin_numbers(number_iterator& it, s32 start, s32 end) noexcept {
	constexpr s64 most = 1 << 23;
	it = {};
	if (start > end)
		return -EINVAL;
	if (s64{end} - start > most)
		return -E2BIG;
	it = {static_cast<s32>(static_cast<u32>(start) - 1), end};
	return 0;
}
/// False: that was the last.
inline bool next_number(number_iterator& it) noexcept {
	const auto next = static_cast<s32>(static_cast<u32>(it.current) + 1);
	if (next >= it.end) {
		it = {};
		return false;
	}
	it.current = next;
	return true;
}

inline constexpr u32 max_bit_words = 511;

/// How many words bpf_iter_bits_new() takes: 0, -EINVAL or -E2BIG.
inline int check_bit_words(const void* from, u32 words) noexcept {
	if (!from || words == 0)
		return -EINVAL;
	return words > max_bit_words ? -E2BIG : 0;
}
/// The first bit that is set, from number `from` on of `words`; words * 64: none is.
inline u32 next_bit(const u64* words, u32 count, u32 from) noexcept {
	for (u32 at = from / 64; at < count; ++at) {
		const u64 left = words[at] & (at == from / 64 ? ~u64{0} << from % 64 : ~u64{0});
		if (left != 0)
			return at * 64 + static_cast<u32>(std::countr_zero(left));
	}
	return count * 64;
}

} // namespace sockops::vm
