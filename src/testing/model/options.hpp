// SPDX-License-Identifier: MIT
// TCP options of a segment, as values and on the wire.
#pragma once

#include <array>
#include <optional>

#include <sockops/net/tcp_options.hpp>

namespace sockops::testing::model {

struct sack_block {
	u32 begin = 0, end = 0;
	bool operator==(const sack_block&) const = default;
};

struct time_stamp {
	u32 value = 0, echo = 0;
};

struct tcp_options {
	std::optional<u16> mss;
	std::optional<u8> window_scale;
	std::optional<time_stamp> ts;
	bool sack_permitted = false;
	bool fast_open = false; ///< an empty cookie, or one
	std::array<sack_block, 4> sacks{};
	u32 num_sacks = 0;

	/// Bytes on the wire without SACK blocks, padded to 4.
	u32 size_without_sacks() const noexcept;
};

/// Writes as Linux lays them out; returns the byte behind the last.
u8* write_options(u8* to, const tcp_options& options) noexcept;
/// From `size` bytes; what is malformed ends the search.
tcp_options parse_options(const u8* from, u32 size) noexcept;
/// Nothing but an aligned time stamp: what header prediction takes for granted.
bool is_aligned_time_stamp(const u8* from, u32 size) noexcept;

u32 load_be32(const u8* from) noexcept;
u16 load_be16(const u8* from) noexcept;
u8* store_be32(u8* to, u32 value) noexcept;
u8* store_be16(u8* to, u16 value) noexcept;

} // namespace sockops::testing::model
