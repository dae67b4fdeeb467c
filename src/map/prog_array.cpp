// SPDX-License-Identifier: MIT
// References to programs, exchanged under a lock and read under RCU.
#include <sockops/map/prog_array.hpp>

#include <cstring>
#include <utility>

#include "array_index.hpp"
#include "map_type.hpp"
#include "reserved_memory.hpp"

namespace sockops {

namespace {

u64 bytes_of_progs(const bpf_map_attr& attr) noexcept {
	return u64{attr.max_entries} * sizeof(rcu_pointer<bpf_prog>);
}

void check_prog_array(detail::attribute_check& check) {
	check.has_entries()
		.key_is_index()
		.flags_among(BPF_F_NUMA_NODE | detail::one_way)
		.value_is(sizeof(u32), "make it 4");
}

} // namespace

const detail::map_type detail::prog_array_type{check_prog_array, make_map<prog_array_map>};

prog_array_map::prog_array_map(const bpf_map_attr& with)
	: bpf_map(with), progs_(reinterpret_cast<rcu_pointer<bpf_prog>*>(
						 detail::reserved_memory(bytes_of_progs(with)).release())) {}

prog_array_map::~prog_array_map() {
	clear();
	detail::reserved_memory::adopt(progs_, bytes_of_progs(attr));
}

bpf_prog_ptr prog_array_map::exchange(u32 index, bpf_prog_ptr prog) noexcept {
	std::lock_guard held(lock_);
	auto old = bpf_prog_ptr::adopt(rcu_access_pointer(progs_[index]));
	if (!old && !prog)
		return old; // without writing to memory that may not be committed
	if (index >= end_)
		end_ = index + 1;
	rcu_assign_pointer(progs_[index], prog.release());
	return old;
}

int prog_array_map::set(u32 index, bpf_prog_ptr prog) noexcept {
	if (const int error = refuse_writing())
		return error;
	if (index >= attr.max_entries)
		return -E2BIG;
	exchange(index, std::move(prog));
	return 0;
}

void prog_array_map::clear() noexcept {
	u32 end;
	{
		std::lock_guard held(lock_);
		end = end_;
	}
	for (u32 index = 0; index != end; ++index)
		exchange(index, {});
}

int prog_array_map::sys_delete_elem(const void* key) noexcept {
	if (const int error = refuse_writing())
		return error;
	const u32 index = detail::index_of(key);
	if (index >= attr.max_entries)
		return -E2BIG;
	return exchange(index, {}) ? 0 : -ENOENT;
}

int prog_array_map::sys_lookup_elem(const void* key, void* value, u64 flags) noexcept {
	if (const int error = refuse_reading(flags))
		return error;
	rcu_read_guard reading;
	const bpf_prog* const prog = prog_at(detail::index_of(key));
	if (!prog)
		return -ENOENT;
	std::memcpy(value, &prog->id, sizeof prog->id);
	return 0;
}

int prog_array_map::get_next_key(const void* key, void* next) noexcept {
	const int error = refuse_reading();
	return error ? error : detail::next_index(key, next, attr.max_entries);
}

} // namespace sockops
