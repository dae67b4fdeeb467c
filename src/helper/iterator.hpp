// SPDX-License-Identifier: MIT
// Open-coded iterators over numbers and over the bits of words: bpf_for() and bpf_for_each() are made of
// them.
#pragma once

#include <bit>
#include <cerrno>

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

// Numbers from `start` to before `end`.

/// 0; -EINVAL: start above end; -E2BIG: more than 8,388,608 numbers. After an error there is none.
inline int begin_numbers(new_iterator<number_iterator> it, s32 start, s32 end) noexcept {
	constexpr s64 most = 1 << 23;
	it.state = {};
	if (start > end)
		return -EINVAL;
	if (s64{end} - start > most)
		return -E2BIG;
	it.state = {static_cast<s32>(static_cast<u32>(start) - 1), end};
	return 0;
}
inline next_of_iterator next_number(iterator<number_iterator> it) noexcept {
	const auto next = static_cast<s32>(static_cast<u32>(it.state.current) + 1);
	if (next >= it.state.end) {
		it.state = {};
		return {};
	}
	it.state.current = next;
	return {true, next};
}
inline void end_numbers(ended_iterator<number_iterator> it) noexcept { it.state = {}; }

// The numbers of the bits that are set.

inline constexpr u32 max_bit_words = 511;

/// 0; -EINVAL: no words; -E2BIG: more than 511; or why they cannot be read.
inline int begin_bits(new_iterator<bit_iterator> it, unsafe_words words, u32 count) noexcept {
	it.state = {};
	if (words.address == 0 || count == 0)
		return -EINVAL;
	if (count > max_bit_words)
		return -E2BIG;
	return words.keep(count, it.state);
}
/// The first bit that is set, from number `from` on of `words`; count * 64: none is.
inline u32 find_bit(const u64* words, u32 count, u32 from) noexcept {
	for (u32 at = from / 64; at < count; ++at) {
		const u64 left = words[at] & (at == from / 64 ? ~u64{0} << from % 64 : ~u64{0});
		if (left != 0)
			return at * 64 + static_cast<u32>(std::countr_zero(left));
	}
	return count * 64;
}
inline next_of_iterator next_bit(iterator<bit_iterator> it) noexcept {
	const u32 bit = find_bit(it.state.words, it.state.count, it.state.next);
	if (bit == it.state.count * 64) {
		it.state.next = bit;
		return {};
	}
	it.state.next = bit + 1;
	return {true, static_cast<s32>(bit)};
}
inline void end_bits(ended_iterator<bit_iterator> it) noexcept { it.state = {}; }

using iterator_rules =
	rule_list<rule<"bpf_iter_num_new", begin_numbers>, rule<"bpf_iter_num_next", next_number>,
			  rule<"bpf_iter_num_destroy", end_numbers>, rule<"bpf_iter_bits_new", begin_bits>,
			  rule<"bpf_iter_bits_next", next_bit>, rule<"bpf_iter_bits_destroy", end_bits>>;

} // namespace sockops::helper
