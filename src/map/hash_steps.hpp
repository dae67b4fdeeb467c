// SPDX-License-Identifier: MIT
// What the maps with keys do alike.
#pragma once

#include <cerrno>

#include <sockops/map/map_flags.hpp>

#include "hash_table.hpp"

namespace sockops::detail {

/// Flags that no map with keys takes. `may_lock`: BPF_F_LOCK is known.
inline bool unknown_way(u64 flags, bool may_lock) noexcept {
	return (may_lock ? flags & ~u64{BPF_F_LOCK} : flags) > BPF_EXIST;
}

/// Why a key may not be entered, or replaced; 0: it may.
inline int refuse_hash_update(bool exists, u64 flags) noexcept {
	const u64 way = flags & ~u64{BPF_F_LOCK};
	if (exists)
		return way == BPF_NOEXIST ? -EEXIST : 0;
	return way == BPF_EXIST ? -ENOENT : 0;
}

/// get_next_key(), under the lock. After a key that is not there: the first.
int next_key(const hash_table& table, const void* key, void* next, u32 key_size) noexcept;

/// for_each(): calls visit(slot) for each element until it returns other than 0; how many calls. Elements may
/// come and go meanwhile, by the visits too. A slot that is used again carries the walk into another chain,
/// and then no further than to its end: the walk ends whatever the visits do.
template <class Visit>
int visit_each(const hash_table& table, Visit&& visit) noexcept {
	int calls = 0;
	for (u64 bucket = 0; bucket != table.bucket_count(); ++bucket)
		for (u32 at = table.first_in(bucket), after; at != 0; at = after) {
			after = table.next_in_chain(at);
			++calls;
			if (visit(at) != 0)
				return calls;
		}
	return calls;
}

} // namespace sockops::detail
