// SPDX-License-Identifier: MIT
// BPF_MAP_TYPE_ARRAY: a value for each index, all 0 to begin with. None can be deleted.
#include <limits>

#include <unistd.h>

#include "array_index.hpp"
#include "map_type.hpp"
#include "map_value.hpp"
#include "reserved_memory.hpp"

namespace sockops {

namespace {

struct array_map final : bpf_map {
	/// Takes attributes that bpf_map_create() has checked.
	explicit array_map(const bpf_map_attr& with);
	~array_map() override;
	/// Was there memory?
	bool valid() const noexcept { return memory_.valid(); }

	/// nullptr beyond max_entries.
	std::byte* at(u32 index) const noexcept {
		return index < attr.max_entries ? values_ + index * stride_ : nullptr;
	}

	void* lookup_elem(const void* key) noexcept override { return at(detail::index_of(key)); }
	/// -EINVAL for flags, -E2BIG beyond max_entries, -EEXIST with NOEXIST: all are there; in this order.
	int update_elem(const void* key, const void* value, u64 flags) noexcept override;
	/// -EINVAL.
	int delete_elem(const void* key) noexcept override;
	int for_each(int (*visit)(void* key, void* value, void* arg), void* arg) noexcept override;

	int sys_lookup_elem(const void* key, void* value, u64 flags) noexcept override;
	int sys_update_elem(const void* key, const void* value, u64 flags) noexcept override;
	int sys_delete_elem(const void* key) noexcept override;
	int get_next_key(const void* key, void* next) noexcept override;

	bpf_map_area area() const noexcept override;
	map_btf btf() const noexcept override { return map_btf::index; }
	int memory_fd() const noexcept override { return memory_fd_; }

  protected:
	const void* key_of_value(const void* value, u32& index) const noexcept override {
		index = static_cast<u32>(static_cast<std::size_t>(static_cast<const std::byte*>(value) - values_) /
								 stride_);
		return &index;
	}

  private:
	detail::map_value value_;
	std::size_t stride_;
	int memory_fd_ = -1;
	detail::reserved_memory memory_;
	std::byte* values_;
};

u64 bytes_of_array(const bpf_map_attr& attr) noexcept {
	return u64{attr.max_entries} * detail::padded(attr.value_size);
}
int memfd_of_array(const bpf_map_attr& attr) noexcept {
	return attr.map_flags & BPF_F_MMAPABLE ? detail::make_memfd("bpf_array", bytes_of_array(attr)) : -1;
}
detail::reserved_memory memory_of_array(const bpf_map_attr& attr, int fd) noexcept {
	return attr.map_flags & BPF_F_MMAPABLE ? detail::reserved_memory(bytes_of_array(attr), fd)
										   : detail::reserved_memory(bytes_of_array(attr));
}

array_map::array_map(const bpf_map_attr& with)
	: bpf_map(with), value_(with.value_size, with.spin_lock_off), stride_(detail::padded(with.value_size)),
	  memory_fd_(memfd_of_array(with)), memory_(memory_of_array(with, memory_fd_)), values_(memory_.begin()) {
}

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
	return {values_, stride_, attr.max_entries, attr.value_size, true};
}

void check_array(detail::attribute_check& check) {
	check.has_entries()
		.key_is_index()
		.has_value()
		.flags_among(detail::one_way | detail::prog_one_way | BPF_F_NUMA_NODE | BPF_F_MMAPABLE |
					 BPF_F_INNER_MAP)
		.refuse_if(check.attr().value_size > std::numeric_limits<s32>::max(), E2BIG, "value_size",
				   check.attr().value_size, "a value has less than 2 GiB");
}

} // namespace

const detail::map_type detail::array_type{check_array, make_map<array_map>, true};

} // namespace sockops
