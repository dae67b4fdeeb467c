// SPDX-License-Identifier: MIT
// What a dynamic pointer stands for, and what can be asked of any: the same interpreted and natively.
#pragma once

#include <cerrno>

#include <sockops/kern/types.hpp>

namespace sockops::helper {

inline constexpr u32 max_dynptr_size = (1u << 24) - 1; ///< bytes

/// The part of some memory that a dynptr shows.
struct dynptr_bytes {
	u8* base;   ///< the memory, of which bpf_dynptr_adjust() may have left a part; nullptr: null
	u32 offset; ///< where the part begins
	u32 size;   ///< of the part

	u8* data() const noexcept { return base + offset; }
};

struct dynptr_state {
	dynptr_bytes bytes;
	u32 whole;      ///< the size of the memory at bytes.base
	bool is_record; ///< of a ring buffer: to be submitted or discarded, and its clones go with it
	u32 record_id;  ///< the same for a record's dynptr and its clones

	void shows(void* memory, u32 size) noexcept {
		bytes = {static_cast<u8*>(memory), 0, size};
		whole = size;
	}
};

/// Are `len` bytes at `offset` in it? Null holds 0 bytes.
inline bool holds(const dynptr_bytes& in, u64 offset, u64 len) noexcept {
	const u32 size = in.base ? in.size : 0;
	return len <= size && offset <= size - len;
}

/// 0, or -errno: are `len` bytes at `offset` in it? Of null: -EINVAL.
inline int check_range(const dynptr_bytes& in, u64 offset, u64 len, u64 flags = 0) noexcept {
	if (!in.base || flags != 0)
		return -EINVAL;
	return holds(in, offset, len) ? 0 : -E2BIG;
}

} // namespace sockops::helper
