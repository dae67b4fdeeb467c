// SPDX-License-Identifier: MIT
// Helpers that hand records to user space: ring buffers and perf buffers.

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/ring_buffer.hpp>

#include "helpers.hpp"

namespace sockops::vm {

namespace {

ring_buffer_map* ring_of(machine& m, u64 value, const char* helper) noexcept {
	return map_of_type<ring_buffer_map>(m, value, BPF_MAP_TYPE_RINGBUF, helper);
}

u64 ringbuf_output(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_ringbuf_output";
	ring_buffer_map* const ring = ring_of(m, r[1], me);
	const u8* const data = ring ? m.readable(r[2], r[3], me) : nullptr;
	return data ? as_u64(ring->output(data, r[3], r[4])) : 0;
}

u64 ringbuf_reserve(machine& m, const u64* r) noexcept {
	ring_buffer_map* const ring = ring_of(m, r[1], "bpf_ringbuf_reserve");
	void* const record = ring ? ring->reserve(r[2], r[3]) : nullptr;
	if (record) {
		m.grant_memory(record, r[2], "a record of bpf_ringbuf_reserve()", true);
		if (m.faulted) { // too many at a time
			ring_buffer_map::discard(record, BPF_RB_NO_WAKEUP);
			return 0;
		}
	}
	return reinterpret_cast<std::uintptr_t>(record);
}

/// The record that a program gives back; nullptr, and a fault, if it is none that it has.
void* returned_record(machine& m, u64 address, const char* helper) noexcept {
	void* const record = reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
	for (u32 i = 0; i != m.grants_used; ++i)
		if (m.grants[i].base == record && m.grants[i].must_go) {
			m.take_back(record);
			return record;
		}
	m.fault(m.at, std::string(helper) + "(): " + describe_pointer(m, address) +
					  " is no record that bpf_ringbuf_reserve() gave and the program still has");
	return nullptr;
}

u64 ringbuf_submit(machine& m, const u64* r) noexcept {
	if (void* const record = returned_record(m, r[1], "bpf_ringbuf_submit"))
		ring_buffer_map::submit(record, r[2]);
	return 0;
}
u64 ringbuf_discard(machine& m, const u64* r) noexcept {
	if (void* const record = returned_record(m, r[1], "bpf_ringbuf_discard"))
		ring_buffer_map::discard(record, r[2]);
	return 0;
}

u64 ringbuf_query(machine& m, const u64* r) noexcept {
	ring_buffer_map* const ring = ring_of(m, r[1], "bpf_ringbuf_query");
	return ring ? ring->query(r[2]) : 0;
}

u64 perf_event_output(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_perf_event_output";
	if (!m.is_context(r[1], me))
		return 0;
	auto* const array = map_of_type<perf_event_array_map>(m, r[2], BPF_MAP_TYPE_PERF_EVENT_ARRAY, me);
	const u8* const data = array ? m.readable(r[4], r[5], me) : nullptr;
	return data ? as_u64(array->output(r[3], data, r[5])) : 0;
}

constexpr helper_row rows[] = {
	{25, perf_event_output}, {130, ringbuf_output},  {131, ringbuf_reserve},
	{132, ringbuf_submit},   {133, ringbuf_discard}, {134, ringbuf_query},
};

} // namespace

std::span<const helper_row> record_helpers() noexcept { return rows; }

} // namespace sockops::vm
