// SPDX-License-Identifier: MIT
// The values of an ARRAY, in one piece of memory; with BPF_F_MMAPABLE a memfd's.
#include <sockops/map/array_map.hpp>

#include <unistd.h>

#include "array_index.hpp"

namespace sockops {

namespace {

u64 bytes_of(const bpf_map_attr& attr) noexcept {
	return u64{attr.max_entries} * detail::padded(attr.value_size);
}
int memfd_of(const bpf_map_attr& attr) noexcept {
	return attr.map_flags & BPF_F_MMAPABLE ? make_memfd("bpf_array", bytes_of(attr)) : -1;
}
reserved_memory memory_of(const bpf_map_attr& attr, int fd) noexcept {
	return attr.map_flags & BPF_F_MMAPABLE ? reserved_memory(bytes_of(attr), fd)
										   : reserved_memory(bytes_of(attr));
}

} // namespace

array_map::array_map(const bpf_map_attr& with)
	: bpf_map(with), value_(with.value_size, with.spin_lock_off), stride_(detail::padded(with.value_size)),
	  memory_fd_(memfd_of(with)), memory_(memory_of(with, memory_fd_)), values_(memory_.begin()) {}

array_map::~array_map() {
	if (memory_fd_ >= 0)
		::close(memory_fd_);
}

int array_map::update_elem(const void* key, const void* value, u64 flags) noexcept {
	const u32 index = detail::index_of(key);
	if (const int error = detail::refuse_array_update(index, attr.max_entries, flags, true))
		return error;
	if (!value_.takes(flags))
		return -EINVAL;
	tell_observers(key, at(index));
	value_.assign(at(index), value, flags & BPF_F_LOCK);
	return 0;
}

int array_map::delete_elem(const void*) noexcept { return -EINVAL; }

int array_map::for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept {
	for (u32 index = 0; index != attr.max_entries; ++index) {
		u32 key = index;
		if (visit(&key, at(index), arg) != 0)
			return static_cast<int>(index + 1);
	}
	return static_cast<int>(attr.max_entries);
}

int array_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	std::byte* const found = at(detail::index_of(key));
	if (!found)
		return -ENOENT;
	value_.read(found, value, flags & BPF_F_LOCK);
	return 0;
}

int array_map::sys_update_elem(const void* key, const void* value, u64 flags) noexcept {
	const int error = refuse_writing(flags);
	return error ? error : update_elem(key, value, flags);
}

int array_map::sys_delete_elem(const void* key) noexcept {
	const int error = refuse_writing();
	return error ? error : delete_elem(key);
}

int array_map::get_next_key(const void* key, void* next) noexcept {
	const int error = refuse_reading();
	return error ? error : detail::next_index(key, next, attr.max_entries);
}

bpf_map_area array_map::area() const noexcept {
	return {values_, stride_, attr.max_entries, attr.value_size};
}

} // namespace sockops
