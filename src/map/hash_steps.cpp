// SPDX-License-Identifier: MIT
// The order of keys: by buckets, then along the chain, which an update does not change.
#include "hash_steps.hpp"

namespace sockops::detail {

namespace {

/// The first element in a bucket from this one on.
u32 first_from(const hash_table& table, u64 bucket) noexcept {
	for (; bucket != table.bucket_count(); ++bucket)
		if (const u32 first = table.first_in(bucket))
			return first;
	return 0;
}

u32 element_after(const hash_table& table, const void* key) noexcept {
	const u64 hash = key ? table.hash(key) : 0;
	const u32 here = key ? table.find(key, hash) : 0;
	if (!here)
		return first_from(table, 0);
	const u32 after = table.next_in_chain(here);
	return after ? after : first_from(table, u64{table.bucket_of(hash)} + 1);
}

} // namespace

int next_key(const hash_table& table, const void* key, void* next, u32 key_size) noexcept {
	const u32 after = element_after(table, key);
	if (!after)
		return -ENOENT;
	load_words(next, table.key(after), key_size);
	return 0;
}

} // namespace sockops::detail
