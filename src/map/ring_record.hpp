// SPDX-License-Identifier: MIT
// The 8 bytes before the data of each record in a ring buffer: struct bpf_ringbuf_hdr.
#pragma once

#include <atomic>
#include <cstddef>

#include <sockops/kern/types.hpp>

#include "value_words.hpp"

namespace sockops::detail {

/// BPF_RINGBUF_BUSY_BIT: reserved, not yet submitted. BPF_RINGBUF_DISCARD_BIT: to be skipped.
inline constexpr u32 ring_busy = u32{1} << 31, ring_discarded = u32{1} << 30;

struct ring_record {
	std::atomic<u32> length; ///< of the data, and the two bits
	u32 page_offset;         ///< of the record from the first of the map's pages

	std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
	/// All of it, by what its length word says.
	static u64 bytes(u32 word) noexcept {
		return padded((word & ~(ring_busy | ring_discarded)) + sizeof(ring_record));
	}
};
static_assert(sizeof(ring_record) == 8);

} // namespace sockops::detail
