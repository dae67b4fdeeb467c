// SPDX-License-Identifier: MIT
// Copies into and out of memory that programs and other threads may read meanwhile: 8 bytes at a time, each
// whole. A copy of more is not whole, as in the kernel, unless both sides hold the value's lock.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstring>

#include <sockops/kern/types.hpp>

namespace sockops::detail {

/// Bytes that a value or a key takes in a map.
constexpr std::size_t padded(std::size_t bytes) noexcept { return (bytes + 7) & ~std::size_t{7}; }

/// 1 to 7 bytes, the rest of the word 0. (A memcpy of unknown length would be a call.)
inline u64 load_tail(const std::byte* from, std::size_t bytes) noexcept {
	u64 word = 0;
	std::size_t at = 0;
	if (bytes & 4) {
		u32 part;
		std::memcpy(&part, from, sizeof part);
		word = part;
		at = 4;
	}
	for (; at != bytes; ++at)
		word |= std::to_integer<u64>(from[at]) << 8 * at;
	return word;
}
inline u64 load_word(const std::byte* from) noexcept {
	u64 word;
	std::memcpy(&word, from, sizeof word);
	return word;
}

/// A word of a map's memory, which is aligned to it.
inline std::atomic_ref<u64> word_at(std::byte* memory) noexcept {
	return std::atomic_ref<u64>(*reinterpret_cast<u64*>(memory));
}
inline u64 read_word(const std::byte* memory) noexcept {
	return word_at(const_cast<std::byte*>(memory)).load(std::memory_order_relaxed);
}

/// Into a map's memory, which has room for padded(bytes).
inline void store_words(std::byte* to, const void* source, std::size_t bytes) noexcept {
	const auto* from = static_cast<const std::byte*>(source);
	for (; bytes >= sizeof(u64); bytes -= sizeof(u64), to += sizeof(u64), from += sizeof(u64))
		word_at(to).store(load_word(from), std::memory_order_relaxed);
	if (bytes != 0)
		word_at(to).store(load_tail(from, bytes), std::memory_order_relaxed);
}
inline void zero_words(std::byte* to, std::size_t bytes) noexcept {
	for (std::size_t at = 0; at < bytes; at += sizeof(u64))
		word_at(to + at).store(0, std::memory_order_relaxed);
}
/// Out of a map's memory.
inline void load_words(void* target, const std::byte* from, std::size_t bytes) noexcept {
	auto* to = static_cast<std::byte*>(target);
	for (; bytes >= sizeof(u64); bytes -= sizeof(u64), to += sizeof(u64), from += sizeof(u64)) {
		const u64 word = read_word(from);
		std::memcpy(to, &word, sizeof word);
	}
	if (bytes != 0) {
		const u64 word = read_word(from);
		std::memcpy(to, &word, bytes);
	}
}

} // namespace sockops::detail
