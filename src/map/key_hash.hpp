// SPDX-License-Identifier: MIT
// A hash of a key's bytes, for tables in memory: fast for short keys, no defence against chosen ones.
#pragma once

#include "value_words.hpp"

namespace sockops::detail {

/// The two halves of the product folded: each bit of the result hangs on all of both.
inline u64 fold(u64 a, u64 b) noexcept {
	__extension__ using u128 = unsigned __int128;
	const u128 product = static_cast<u128>(a) * b;
	return static_cast<u64>(product) ^ static_cast<u64>(product >> 64);
}

/// Odd numbers with about as many ones as zeroes.
inline constexpr u64 hash_start = 0x9e37'79b9'7f4a'7c15, hash_factor = 0xd1b5'4a32'd192'ed03;

inline u64 hash_word(u64 hash, u64 word) noexcept { return fold(hash ^ word, hash_factor); }

inline u64 hash_key(const void* key, u32 size) noexcept {
	const auto* at = static_cast<const std::byte*>(key);
	u64 hash = hash_start + size;
	for (; size >= sizeof(u64); size -= u32{sizeof(u64)}, at += sizeof(u64))
		hash = hash_word(hash, load_word(at));
	return size != 0 ? hash_word(hash, load_tail(at, size)) : hash;
}

} // namespace sockops::detail
