// SPDX-License-Identifier: MIT
#include <sockops/map/keyed_map.hpp>

#include "hash_steps.hpp"

namespace sockops {

int keyed_map::delete_elem(const void* key) noexcept {
	tell_observers(key);
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (!old)
		return -ENOENT;
	drop(old);
	return 0;
}

int keyed_map::for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept {
	return detail::visit_each(table_,
							  [&](u32 at) noexcept { return visit(table_.key(at), value_of(at), arg); });
}

int keyed_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	// Under the lock: a slot that is used again meanwhile would be copied in part.
	std::lock_guard held(lock_);
	const u32 found = table_.find(key, table_.hash(key));
	if (!found)
		return -ENOENT;
	copy_out(found, value, flags);
	return 0;
}

int keyed_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : update_elem(key, value, flags);
}

int keyed_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

int keyed_map::get_next_key(const void* key, void* next) noexcept {
	if (const int error = refuse_reading())
		return error;
	std::lock_guard held(lock_);
	if (count_ == 0)
		return -ENOENT;
	return detail::next_key(table_, key, next, attr.key_size);
}

} // namespace sockops
