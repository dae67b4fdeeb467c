// SPDX-License-Identifier: MIT
// A table of keys, whose slots count the values of each CPU's plane.
#include <sockops/map/percpu_hash_map.hpp>

#include "hash_steps.hpp"

namespace sockops {

percpu_hash_map::percpu_hash_map(const bpf_map_attr& with)
	: keyed_map(with, 0, with.max_entries), values_(with.max_entries + 1, with.value_size) {}

void* percpu_hash_map::lookup_percpu_elem(const void* key, u32 cpu) noexcept {
	const u32 found = cpu < num_possible_cpus ? table_.find(key, table_.hash(key)) : 0;
	return found ? values_.value(found, cpu) : nullptr;
}

int percpu_hash_map::update(const void* key, const void* value, u64 flags, cpus which) noexcept {
	if (detail::unknown_way(flags, false))
		return -EINVAL;
	tell_observers(key);
	const u64 hash = table_.hash(key);
	std::lock_guard held(lock_);
	const u32 old = table_.find(key, hash);
	if (const int error = detail::refuse_hash_update(old != 0, flags))
		return error;
	if (!old && count_ == attr.max_entries)
		return -E2BIG;
	const u32 at = old ? old : table_.take();
	if (which == cpus::all)
		values_.assign_all(at, value);
	else if (old)
		values_.assign_mine(at, value);
	else
		values_.init(at, value);
	if (!old) {
		table_.insert(at, key, hash);
		++count_;
	}
	return 0;
}

int percpu_hash_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	return update(key, value, flags, cpus::mine);
}

int percpu_hash_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : update(key, value, flags, cpus::all);
}

void percpu_hash_map::copy_out(u32 slot, void* value, u64) noexcept { values_.read_all(slot, value); }

} // namespace sockops
