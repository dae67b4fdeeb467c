// SPDX-License-Identifier: MIT
// What all maps with an index for a key answer alike.
#pragma once

#include <cerrno>
#include <cstring>

#include <sockops/map/map_flags.hpp>

namespace sockops::detail {

inline u32 index_of(const void* key) noexcept {
	u32 index;
	std::memcpy(&index, key, sizeof index);
	return index;
}

/// The index after `key`, or the first; -ENOENT after the last.
inline int next_index(const void* key, void* next, u32 max_entries) noexcept {
	const u32 index = key ? index_of(key) : max_entries;
	const u32 after = index < max_entries ? index + 1 : 0;
	if (after == max_entries)
		return -ENOENT;
	std::memcpy(next, &after, sizeof after);
	return 0;
}

/// Why an element that always exists is not updated; 0: it is. `may_lock`: BPF_F_LOCK is known.
inline int refuse_array_update(u32 index, u32 max_entries, u64 flags, bool may_lock) noexcept {
	const u64 way = may_lock ? flags & ~u64{BPF_F_LOCK} : flags;
	if (way > BPF_EXIST)
		return -EINVAL;
	if (index >= max_entries)
		return -E2BIG;
	return way == BPF_NOEXIST ? -EEXIST : 0;
}

} // namespace sockops::detail
