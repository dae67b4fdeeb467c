// SPDX-License-Identifier: MIT
// Dynamic pointers: memory whose size is known at run only, reached through helpers. A program holds 16 bytes
// of its stack for each.
#pragma once

#include <cerrno>
#include <cstring>

#include "record.hpp"

namespace sockops::helper {

inline s64 dynptr_from_mem(room_in_value data, u64 flags, new_dynptr made) noexcept {
	if (data.size > max_dynptr_size)
		return -E2BIG;
	if (flags != 0)
		return -EINVAL;
	made.state.shows(data.at, data.size);
	return 0;
}

inline s64 dynptr_read(room<u32> dst, dynptr src, u32 offset, u64 flags) noexcept {
	const int error = check_range(src.bytes(), offset, dst.size, flags);
	if (error == 0)
		std::memmove(dst.at, src.bytes().data() + offset, dst.size);
	return error;
}
inline s64 dynptr_write(dynptr dst, u32 offset, memory<u32> src, u64 flags) noexcept {
	const int error = check_range(dst.bytes(), offset, src.size, flags);
	if (error == 0)
		std::memmove(dst.bytes().data() + offset, src.at, src.size);
	return error;
}

/// NULL where it does not hold so many bytes.
inline part_of_memory dynptr_data(dynptr in, u32 offset, u32 len) noexcept {
	return {check_range(in.bytes(), offset, len) == 0 ? in.bytes().data() + offset : nullptr};
}
/// Straight into the memory: a buffer to copy to is not needed, but has to be one.
inline part_of_memory dynptr_slice(dynptr in, u32 offset, optional_room buffer) noexcept {
	return dynptr_data(in, offset, buffer.size);
}

// A ring buffer's record.

/// To be submitted or discarded also if there was no room.
inline s64 reserve_dynptr(ring_map ring, u32 size, u64 flags, new_dynptr made) noexcept {
	made.state.is_record = true;
	if (flags != 0)
		return -EINVAL;
	if (size > max_dynptr_size)
		return -E2BIG;
	void* const record = ring->reserve(size, 0);
	if (!record)
		return -EINVAL;
	made.state.shows(record, size);
	return 0;
}
template <auto GiveBack>
void give_back_dynptr(record_dynptr held, u64 flags) noexcept {
	if (held.bytes().base)
		GiveBack(held.bytes().base, flags);
}

// Kfuncs.

/// Bytes, or -EINVAL.
inline u32 dynptr_size(dynptr in) noexcept {
	return in.bytes().base ? in.bytes().size : static_cast<u32>(-EINVAL);
}
inline bool dynptr_is_null(dynptr in) noexcept { return !in.bytes().base; }
/// What a SOCK_OPS program can make a dynptr of can be written.
inline bool dynptr_is_rdonly(dynptr) noexcept { return false; }

/// Leaves what is from `start` to before `end`.
inline int dynptr_adjust(dynptr in, u32 start, u32 end) noexcept {
	dynptr_bytes& bytes = in.bytes();
	if (!bytes.base || start > end)
		return -EINVAL;
	if (end > bytes.size)
		return -ERANGE;
	bytes.offset += start;
	bytes.size = end - start;
	return 0;
}

inline int dynptr_clone(dynptr from, new_dynptr made) noexcept {
	made.state = from.state;
	return from.bytes().base ? 0 : -EINVAL;
}

/// The bytes may overlap.
inline int dynptr_copy(dynptr to, u32 to_offset, dynptr from, u32 from_offset, u32 len) noexcept {
	const int there = check_range(to.bytes(), to_offset, len),
			  here = check_range(from.bytes(), from_offset, len);
	if (there != 0 && here != 0)
		return holds(to.bytes(), to_offset, len) && holds(from.bytes(), from_offset, len) ? 0 : -E2BIG;
	if (there != 0 || here != 0)
		return there != 0 ? there : here;
	std::memmove(to.bytes().data() + to_offset, from.bytes().data() + from_offset, len);
	return 0;
}

/// Null is a range of 0 bytes to it.
inline int dynptr_memset(dynptr in, u32 offset, u32 len, u8 value) noexcept {
	if (!holds(in.bytes(), offset, len))
		return -E2BIG;
	if (in.bytes().base)
		std::memset(in.bytes().data() + offset, value, len);
	return 0;
}

using dynptr_rules =
	rule_list<rule<"bpf_dynptr_from_mem", dynptr_from_mem>, rule<"bpf_dynptr_read", dynptr_read>,
			  rule<"bpf_dynptr_write", dynptr_write>, rule<"bpf_dynptr_data", dynptr_data>,
			  rule<"bpf_ringbuf_reserve_dynptr", reserve_dynptr>,
			  rule<"bpf_ringbuf_submit_dynptr", give_back_dynptr<ring_buffer_map::submit>>,
			  rule<"bpf_ringbuf_discard_dynptr", give_back_dynptr<ring_buffer_map::discard>>,
			  rule<"bpf_dynptr_slice", dynptr_slice>, rule<"bpf_dynptr_size", dynptr_size>,
			  rule<"bpf_dynptr_is_null", dynptr_is_null>, rule<"bpf_dynptr_is_rdonly", dynptr_is_rdonly>,
			  rule<"bpf_dynptr_adjust", dynptr_adjust>, rule<"bpf_dynptr_clone", dynptr_clone>,
			  rule<"bpf_dynptr_copy", dynptr_copy>, rule<"bpf_dynptr_memset", dynptr_memset>>;

} // namespace sockops::helper
