// SPDX-License-Identifier: MIT
// Helpers that hand records to user space: ring buffers and perf buffers.
#pragma once

#include <sockops/map/perf_event_array.hpp>
#include <sockops/map/ring_buffer.hpp>

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

using ring_map = map_of<ring_buffer_map, map_use::neither, BPF_MAP_TYPE_RINGBUF>;
using perf_map = map_of<perf_event_array_map, map_use::neither, BPF_MAP_TYPE_PERF_EVENT_ARRAY>;

inline s64 ringbuf_output(ring_map ring, memory<u64> data, u64 flags) noexcept {
	return ring->output(data.at, data.size, flags);
}
inline new_record ringbuf_reserve(ring_map ring, known_size size, u64 flags) noexcept {
	return {ring->reserve(size.bytes, flags), size.bytes};
}
inline void ringbuf_submit(reserved_record record, u64 flags) noexcept {
	ring_buffer_map::submit(record.at, flags);
}
inline void ringbuf_discard(reserved_record record, u64 flags) noexcept {
	ring_buffer_map::discard(record.at, flags);
}
inline u64 ringbuf_query(ring_map ring, u64 flags) noexcept { return ring->query(flags); }

inline s64 perf_event_output(given_context, perf_map events, u64 flags, memory<u64> data) noexcept {
	return events->output(flags, data.at, data.size);
}

using record_rules =
	rule_list<rule<"bpf_ringbuf_output", ringbuf_output>, rule<"bpf_ringbuf_reserve", ringbuf_reserve>,
			  rule<"bpf_ringbuf_submit", ringbuf_submit>, rule<"bpf_ringbuf_discard", ringbuf_discard>,
			  rule<"bpf_ringbuf_query", ringbuf_query>, rule<"bpf_perf_event_output", perf_event_output>>;

} // namespace sockops::helper
