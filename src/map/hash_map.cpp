// SPDX-License-Identifier: MIT
// Updates make a new slot and put it in the place of the old; deletes take one out. One lock a map.
#include <sockops/map/hash_map.hpp>

#include "hash_steps.hpp"

namespace sockops {

/// One slot more than elements: the new value of a key stands beside the old one for a moment.
hash_map::hash_map(const bpf_map_attr& with)
	: bpf_map(with), value_(with.value_size, with.spin_lock_off),
	  table_(with.key_size, with.value_size, with.max_entries, with.max_entries + 1) {}

int hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (detail::unknown_way(flags, true) || !value_.takes(flags))
		return -EINVAL;
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (const int error = detail::refuse_hash_update(old != 0, flags))
		return error;
	if (old && (flags & BPF_F_LOCK)) {
		value_.assign(table_.value(old), value, true);
		return 0;
	}
	if (!old && count_ == attr.max_entries)
		return -E2BIG;
	const u32 fresh = table_.take();
	value_.init(table_.value(fresh), value);
	if (old) {
		table_.replace(old, fresh, key, hash);
		table_.give_back(old);
	} else {
		table_.insert(fresh, key, hash);
		++count_;
	}
	return 0;
}

int hash_map::delete_elem(const void* key) noexcept {
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (!old)
		return -ENOENT;
	table_.remove(old);
	table_.give_back(old);
	--count_;
	return 0;
}

int hash_map::for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept {
	return detail::visit_each(table_,
							  [&](u32 at) noexcept { return visit(table_.key(at), table_.value(at), arg); });
}

int hash_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	// Under the lock: a slot that is used again meanwhile would be copied in part.
	std::lock_guard held(lock_);
	const u32 found = table_.find(key, table_.hash(key));
	if (!found)
		return -ENOENT;
	value_.read(table_.value(found), value, flags & BPF_F_LOCK);
	return 0;
}

int hash_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : update_elem(key, value, flags);
}

int hash_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

int hash_map::get_next_key(const void* key, void* next) noexcept {
	if (const int error = refuse_reading())
		return error;
	std::lock_guard held(lock_);
	return detail::next_key(table_, key, next, attr.key_size);
}

} // namespace sockops
