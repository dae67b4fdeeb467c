// SPDX-License-Identifier: MIT

#include "keyed_map.hpp"
#include <sockops/kern/errno.hpp>

#include "hash_steps.hpp"

namespace sockops::detail {

namespace {

/// KMALLOC_MAX_SIZE less a struct htab_elem: key and value are less than this.
constexpr u32 max_hash_element = (4u << 20) - 48;
constexpr u32 max_hash_entries = 1u << 27; ///< a bucket each, of 16 bytes, below 4 GiB

} // namespace

void keyed_map::check(detail::attribute_check& check, kind of) {
	const bpf_map_attr& attr = check.attr();
	const bool apart = of.percpu || (attr.map_flags & BPF_F_NO_COMMON_LRU);
	check
		.flags_among(BPF_F_NO_PREALLOC | BPF_F_NO_COMMON_LRU | BPF_F_NUMA_NODE | BPF_F_ZERO_SEED |
					 detail::one_way | detail::prog_one_way)
		.refuse_if(!of.lru && (attr.map_flags & BPF_F_NO_COMMON_LRU), EINVAL, "map_flags", attr.map_flags,
				   "BPF_F_NO_COMMON_LRU is for an LRU_HASH")
		.refuse_if(of.lru && (attr.map_flags & BPF_F_NO_PREALLOC), kern_errno::notsupp, "map_flags",
				   attr.map_flags, "leave out BPF_F_NO_PREALLOC: an LRU_HASH always has its elements")
		.refuse_if(apart && (attr.map_flags & BPF_F_NUMA_NODE), EINVAL, "map_flags", attr.map_flags,
				   "what is apart for each CPU is on no chosen node: leave out BPF_F_NUMA_NODE")
		.has_entries()
		.has_key()
		.has_value()
		.refuse_if(u64{attr.key_size} + attr.value_size >= max_hash_element, E2BIG, "key_size + value_size",
				   u64{attr.key_size} + attr.value_size, "together they are less than 4194256 bytes");
	if (of.percpu)
		check.percpu_value_fits();
	check.refuse_if(attr.max_entries > max_hash_entries, E2BIG, "max_entries", attr.max_entries,
					"a map with keys has at most 134217728 elements");
}

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

s64 keyed_map::sum_elem_count() noexcept {
	return for_each([](void*, void*, void*) { return 0; }, nullptr);
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

int keyed_map::sys_lookup_and_delete_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_taking(flags))
		return error;
	tell_observers(key);
	std::lock_guard held(lock_);
	const u32 found = table_.find(key, table_.hash(key));
	if (!found)
		return -ENOENT;
	copy_out(found, value, flags);
	drop(found);
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

} // namespace sockops::detail
