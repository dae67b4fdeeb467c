// SPDX-License-Identifier: MIT
// An ARRAY with a value for each CPU.
#include <sockops/map/percpu_array_map.hpp>

#include "array_index.hpp"

namespace sockops {

percpu_array_map::percpu_array_map(const bpf_map_attr& with)
	: bpf_map(with), values_(with.max_entries, with.value_size) {}

void* percpu_array_map::lookup_percpu_elem(const void* key, u32 cpu) noexcept {
	const u32 index = detail::index_of(key);
	return index < attr.max_entries && cpu < num_possible_cpus ? values_.value(index, cpu) : nullptr;
}

int percpu_array_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	const u32 index = detail::index_of(key);
	if (const int error = detail::refuse_array_update(index, attr.max_entries, flags, false))
		return error;
	tell_observers(key);
	values_.assign_mine(index, value);
	return 0;
}

int percpu_array_map::delete_elem(const void*) noexcept { return -EINVAL; }

int percpu_array_map::for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept {
	for (u32 index = 0; index != attr.max_entries; ++index) {
		u32 key = index;
		if (visit(&key, values_.mine(index), arg) != 0)
			return static_cast<int>(index + 1);
	}
	return static_cast<int>(attr.max_entries);
}

int percpu_array_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	const u32 index = detail::index_of(key);
	if (index >= attr.max_entries)
		return -ENOENT;
	values_.read_all(index, value);
	return 0;
}

int percpu_array_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	if (const int error = refuse_writing(flags))
		return error;
	const u32 index = detail::index_of(key);
	if (const int error = detail::refuse_array_update(index, attr.max_entries, flags, false))
		return error;
	tell_observers(key);
	values_.assign_all(index, value);
	return 0;
}

int percpu_array_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

int percpu_array_map::get_next_key(const void* key, void* next) noexcept {
	const int error = refuse_reading();
	return error ? error : detail::next_index(key, next, attr.max_entries);
}

} // namespace sockops
