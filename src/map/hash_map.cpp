// SPDX-License-Identifier: MIT
// Updates make a new slot and put it in the place of the old; deletes take one out. One lock a map.
#include <sockops/map/hash_map.hpp>

#include "hash_steps.hpp"

namespace sockops {

/// One slot more than elements: the new value of a key stands beside the old one for a moment.
hash_map::hash_map(const bpf_map_attr& with)
	: keyed_map(with, with.value_size, with.max_entries + 1), value_(with.value_size, with.spin_lock_off) {}

int hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (detail::unknown_way(flags, true) || !value_.takes(flags))
		return -EINVAL;
	tell_observers(key);
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

void hash_map::copy_out(u32 slot, void* value, u64 flags) noexcept {
	value_.read(table_.value(slot), value, flags & BPF_F_LOCK);
}

} // namespace sockops
