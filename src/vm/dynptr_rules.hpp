// SPDX-License-Identifier: MIT
// What a dynamic pointer stands for, and the rules of what is asked of it: the same interpreted and natively.
#pragma once

#include <cerrno>
#include <cstring>

#include <sockops/kern/types.hpp>

namespace sockops::vm {

inline constexpr u32 max_dynptr_size = (1u << 24) - 1; ///< bytes

/// The part of some memory that a dynptr shows.
struct dynptr_bytes {
	u8* base;   ///< the memory, of which bpf_dynptr_adjust() may have left a part; nullptr: null
	u32 offset; ///< where the part begins
	u32 size;   ///< of the part

	u8* data() const noexcept { return base + offset; }
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

/// bpf_dynptr_slice(): nullptr if they are not.
inline u8* slice_of(const dynptr_bytes& in, u32 offset, u32 len) noexcept {
	return check_range(in, offset, len) == 0 ? in.data() + offset : nullptr;
}

/// bpf_dynptr_size(): bytes, or -EINVAL.
inline u32 size_or_error(const dynptr_bytes& in) noexcept {
	return in.base ? in.size : static_cast<u32>(-EINVAL);
}

/// bpf_dynptr_adjust(): leaves what is from `start` to before `end`.
inline int adjust(dynptr_bytes& in, u32 start, u32 end) noexcept {
	if (!in.base || start > end)
		return -EINVAL;
	if (end > in.size)
		return -ERANGE;
	in.offset += start;
	in.size = end - start;
	return 0;
}

/// bpf_dynptr_copy(): the bytes may overlap.
inline int copy(const dynptr_bytes& to, u32 to_offset, const dynptr_bytes& from, u32 from_offset,
				u32 len) noexcept {
	const int there = check_range(to, to_offset, len), here = check_range(from, from_offset, len);
	if (there != 0 && here != 0)
		return holds(to, to_offset, len) && holds(from, from_offset, len) ? 0 : -E2BIG;
	if (there != 0 || here != 0)
		return there != 0 ? there : here;
	std::memmove(to.data() + to_offset, from.data() + from_offset, len);
	return 0;
}

/// bpf_dynptr_memset(). Null is a range of 0 bytes to it.
inline int fill(const dynptr_bytes& in, u32 offset, u32 len, u8 value) noexcept {
	if (!holds(in, offset, len))
		return -E2BIG;
	if (in.base)
		std::memset(in.data() + offset, value, len);
	return 0;
}

} // namespace sockops::vm
