// SPDX-License-Identifier: MIT
// Ring buffers and perf buffers, for natively compiled programs.
#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/ring_buffer.hpp>

#include "helper.hpp"

using namespace sockops;
using namespace sockops::native;

namespace {

ring_buffer_map* ring_at(const void* variable, const char* helper) noexcept {
	return map_of_type<ring_buffer_map>(variable, BPF_MAP_TYPE_RINGBUF, helper);
}

} // namespace

extern "C" {

long sockops_native_bpf_ringbuf_output(void* ringbuf, void* data, u64 size, u64 flags) {
	ring_buffer_map* const ring = ring_at(ringbuf, "bpf_ringbuf_output");
	return ring ? ring->output(data, size, flags) : -EINVAL;
}

void* sockops_native_bpf_ringbuf_reserve(void* ringbuf, u64 size, u64 flags) {
	ring_buffer_map* const ring = ring_at(ringbuf, "bpf_ringbuf_reserve");
	return ring ? ring->reserve(size, flags) : nullptr;
}

void sockops_native_bpf_ringbuf_submit(void* data, u64 flags) { ring_buffer_map::submit(data, flags); }
void sockops_native_bpf_ringbuf_discard(void* data, u64 flags) { ring_buffer_map::discard(data, flags); }

u64 sockops_native_bpf_ringbuf_query(void* ringbuf, u64 flags) {
	ring_buffer_map* const ring = ring_at(ringbuf, "bpf_ringbuf_query");
	return ring ? ring->query(flags) : 0;
}

long sockops_native_bpf_perf_event_output(void* ctx, void* map, u64 flags, void* data, u64 size) {
	constexpr char me[] = "bpf_perf_event_output";
	auto* const array = map_of_type<perf_event_array_map>(map, BPF_MAP_TYPE_PERF_EVENT_ARRAY, me);
	return array && native_run::of_context(ctx, me) ? array->output(flags, data, size) : -EINVAL;
}

} // extern "C"
