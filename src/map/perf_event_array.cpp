// SPDX-License-Identifier: MIT
// A buffer is a ring of bytes: each record is a word with its size, then its data, padded to words; it may be
// broken at the end of the ring.
#include <sockops/map/perf_event_array.hpp>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "array_index.hpp"
#include "map_type.hpp"
#include "reserved_memory.hpp"
#include "value_words.hpp"

namespace sockops {

struct perf_event_array_map::buffer : rcu_head {
	explicit buffer(std::size_t size) noexcept : bytes(new (std::nothrow) std::byte[size]), mask(size - 1) {}

	std::unique_ptr<std::byte[]> bytes;
	const u64 mask;
	std::mutex producers; ///< threads beyond max_processors share a number
	std::mutex consumers;
	std::atomic<u64> head{0}, tail{0}; ///< written up to; read up to
	std::atomic<u64> lost{0};

	/// False, and counted as lost, if there is no room.
	bool append(const void* data, u64 size) noexcept;
	/// The oldest record; false: there is none.
	bool take(std::vector<std::byte>& record);
	void copy_in(u64 at, const void* from, u64 size) noexcept;
	void copy_out(u64 at, void* to, u64 size) const noexcept;
};

namespace {
using size_word = u64; ///< a record's size
u64 record_bytes(u64 size) noexcept { return sizeof(size_word) + detail::padded(size); }
} // namespace

void perf_event_array_map::buffer::copy_in(u64 at, const void* from, u64 size) noexcept {
	if (size == 0)
		return;
	const u64 begin = at & mask, before_end = std::min(size, mask + 1 - begin);
	std::memcpy(&bytes[begin], from, before_end);
	std::memcpy(&bytes[0], static_cast<const std::byte*>(from) + before_end, size - before_end);
}

void perf_event_array_map::buffer::copy_out(u64 at, void* to, u64 size) const noexcept {
	if (size == 0)
		return;
	const u64 begin = at & mask, before_end = std::min(size, mask + 1 - begin);
	std::memcpy(to, &bytes[begin], before_end);
	std::memcpy(static_cast<std::byte*>(to) + before_end, &bytes[0], size - before_end);
}

bool perf_event_array_map::buffer::append(const void* data, u64 size) noexcept {
	std::lock_guard held(producers);
	const u64 at = head.load(std::memory_order_relaxed);
	// S: acquire, pairs with take(): the reader is done with what will be written to.
	const u64 room = mask + 1 - (at - tail.load(std::memory_order_acquire));
	if (size > mask || record_bytes(size) > room) {
		lost.fetch_add(1, std::memory_order_relaxed);
		return false;
	}
	copy_in(at, &size, sizeof size);
	copy_in(at + sizeof(size_word), data, size);
	head.store(at + record_bytes(size), std::memory_order_release); // S: pairs with take()
	return true;
}

bool perf_event_array_map::buffer::take(std::vector<std::byte>& record) {
	std::lock_guard held(consumers);
	const u64 at = tail.load(std::memory_order_relaxed);
	if (at == head.load(std::memory_order_acquire)) // S: pairs with append()
		return false;
	size_word size;
	copy_out(at, &size, sizeof size);
	record.resize(size);
	copy_out(at + sizeof(size_word), record.data(), size);
	tail.store(at + record_bytes(size), std::memory_order_release); // S: pairs with append()
	return true;
}

namespace {

u64 bytes_of_buffers(const bpf_map_attr& attr) noexcept {
	return u64{attr.max_entries} * sizeof(rcu_pointer<void>);
}

void check_perf_event_array(detail::attribute_check& check) {
	check.has_entries()
		.key_is_index()
		.flags_among(BPF_F_NUMA_NODE | detail::one_way | BPF_F_PRESERVE_ELEMS)
		.value_is(sizeof(u32), "make it 4");
}

} // namespace

const detail::map_type detail::perf_event_array_type{check_perf_event_array, make_map<perf_event_array_map>};

perf_event_array_map::perf_event_array_map(const bpf_map_attr& with)
	: bpf_map(with), buffers_(reinterpret_cast<rcu_pointer<buffer>*>(
						 detail::reserved_memory(bytes_of_buffers(with)).release())) {}

perf_event_array_map::~perf_event_array_map() {
	for (u32 cpu = 0; cpu != end_; ++cpu)
		delete rcu_access_pointer(buffers_[cpu]);
	detail::reserved_memory::adopt(buffers_, bytes_of_buffers(attr));
}

bool perf_event_array_map::exchange(u32 cpu, buffer* fresh) noexcept {
	buffer* old;
	{
		std::lock_guard held(lock_);
		old = rcu_access_pointer(buffers_[cpu]);
		if (!old && !fresh)
			return false; // without writing to memory that may not be committed
		if (cpu >= end_)
			end_ = cpu + 1;
		rcu_assign_pointer(buffers_[cpu], fresh);
	}
	if (old)
		call_rcu(old, [](rcu_head* head) { delete static_cast<buffer*>(head); });
	return old != nullptr;
}

int perf_event_array_map::open(u32 cpu, std::size_t bytes) noexcept {
	if (const int error = refuse_writing())
		return error;
	if (cpu >= attr.max_entries)
		return -E2BIG;
	if (!std::has_single_bit(bytes) || bytes < sizeof(size_word))
		return -EINVAL;
	auto* const fresh = detail::make<buffer>(bytes);
	if (!fresh || !fresh->bytes) {
		delete fresh;
		return -ENOMEM;
	}
	exchange(cpu, fresh);
	return 0;
}

void perf_event_array_map::close(u32 cpu) noexcept {
	if (cpu < attr.max_entries)
		exchange(cpu, nullptr);
}

int perf_event_array_map::sys_delete_elem(const void* key) noexcept {
	if (const int error = refuse_writing())
		return error;
	const u32 cpu = detail::index_of(key);
	if (cpu >= attr.max_entries)
		return -E2BIG;
	return exchange(cpu, nullptr) ? 0 : -ENOENT;
}

int perf_event_array_map::get_next_key(const void* key, void* next) noexcept {
	const int error = refuse_reading();
	return error ? error : detail::next_index(key, next, attr.max_entries);
}

int perf_event_array_map::output(u64 flags, const void* data, u64 size) noexcept {
	if (flags & ~perf_index_mask)
		return -EINVAL;
	const u32 self = smp_processor_id();
	const u32 cpu = flags == perf_index_mask ? self : static_cast<u32>(flags);
	if (cpu >= attr.max_entries)
		return -E2BIG;
	rcu_read_guard reading;
	buffer* const to = rcu_dereference(buffers_[cpu]);
	if (!to)
		return -ENOENT;
	if (cpu != self)
		return -EOPNOTSUPP;
	return to->append(data, size) ? 0 : -ENOSPC;
}

std::size_t perf_event_array_map::consume(u32 cpu,
										  const std::function<void(std::span<const std::byte>)>& record) {
	std::vector<std::byte> each;
	// A section for each record, and none while it is handed out: that would hold up all writers.
	const auto take_one = [&] {
		rcu_read_guard reading;
		buffer* const from = cpu < attr.max_entries ? rcu_dereference(buffers_[cpu]) : nullptr;
		return from && from->take(each);
	};
	std::size_t handed = 0;
	for (; take_one(); ++handed)
		record(each);
	return handed;
}

bool perf_event_array_map::take_records(void (*take)(const std::byte*, std::size_t, void*), void* arg) {
	for (u32 cpu = 0; cpu != attr.max_entries && cpu != num_possible_cpus; ++cpu)
		consume(cpu, [&](std::span<const std::byte> record) { take(record.data(), record.size(), arg); });
	return true;
}

u64 perf_event_array_map::lost(u32 cpu) const noexcept {
	rcu_read_guard reading;
	const buffer* const of = cpu < attr.max_entries ? rcu_dereference(buffers_[cpu]) : nullptr;
	return of ? of->lost.load(std::memory_order_relaxed) : 0;
}

} // namespace sockops
