// SPDX-License-Identifier: MIT
// The kernel's short integer names, and network byte order.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <sockops/kern/library.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace sockops {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s8 = std::int8_t;
using s16 = std::int16_t;
using s32 = std::int32_t;
using s64 = std::int64_t;

/// Network byte order. The types document; nothing converts by itself.
using be16 = u16;
using be32 = u32;

/// The same number in the other order: on a little-endian machine its bytes turned round.
constexpr be16 cpu_to_be16(u16 host) noexcept {
	return std::endian::native == std::endian::little ? __builtin_bswap16(host) : host;
}
/// The same of four bytes.
constexpr be32 cpu_to_be32(u32 host) noexcept {
	return std::endian::native == std::endian::little ? __builtin_bswap32(host) : host;
}
/// The number that the network's bytes are.
constexpr u16 be16_to_cpu(be16 net) noexcept { return cpu_to_be16(net); }
/// The same of four bytes.
constexpr u32 be32_to_cpu(be32 net) noexcept { return cpu_to_be32(net); }

namespace detail {
// std::min() and std::max() for words: <algorithm> is a large header for a user who has no need of it.
template <class Word>
constexpr Word min(Word a, Word b) noexcept {
	return b < a ? b : a;
}
template <class Word>
constexpr Word max(Word a, Word b) noexcept {
	return a < b ? b : a;
}
} // namespace detail

} // namespace sockops
