// SPDX-License-Identifier: MIT
// Helpers about maps: look up, update, delete, count; push, pop, peek.
#pragma once

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

/// Of the types whose values programs hold pointers to.
template <map_use Use, map_holds... More>
using value_map = map_that_holds<bpf_map, Use, map_holds::values, map_holds::percpu_values, More...>;
using percpu_map = map_that_holds<bpf_map, map_use::reads, map_holds::percpu_values>;
template <map_use Use>
using queue_map = map_that_holds<bpf_map, Use, map_holds::queued_values>;
using any_map = map_of<bpf_map, map_use::neither>;

inline found_value map_lookup_elem(value_map<map_use::reads> map, map_key key) noexcept {
	return {map->lookup_elem(key.at), map.map};
}
inline found_value map_lookup_percpu_elem(percpu_map map, map_key key, u32 cpu) noexcept {
	return {map->lookup_percpu_elem(key.at, cpu), map.map};
}
inline s64 map_update_elem(value_map<map_use::writes> map, map_key key, map_value value, u64 flags) noexcept {
	return map->update_elem(key.at, value.at, flags);
}
inline s64 map_delete_elem(value_map<map_use::writes, map_holds::sockets> map, map_key key) noexcept {
	return map->delete_elem(key.at);
}
inline s64 map_sum_elem_count(any_map map) noexcept { return map->sum_elem_count(); }

inline s64 map_push_elem(queue_map<map_use::writes> map, map_value value, u64 flags) noexcept {
	return map->push_elem(value.at, flags);
}
inline s64 map_pop_elem(queue_map<map_use::writes> map, room_for_map_value value) noexcept {
	return map->pop_elem(value.at);
}
/// BPF_F_WRONLY_PROG does not forbid it, as the kernel's.
inline s64 map_peek_elem(queue_map<map_use::neither> map, room_for_map_value value) noexcept {
	return map->peek_elem(value.at);
}

using map_rules =
	rule_list<rule<"bpf_map_lookup_elem", map_lookup_elem>, rule<"bpf_map_update_elem", map_update_elem>,
			  rule<"bpf_map_delete_elem", map_delete_elem>,
			  rule<"bpf_map_lookup_percpu_elem", map_lookup_percpu_elem>,
			  rule<"bpf_map_sum_elem_count", map_sum_elem_count>, rule<"bpf_map_push_elem", map_push_elem>,
			  rule<"bpf_map_pop_elem", map_pop_elem>, rule<"bpf_map_peek_elem", map_peek_elem>>;

} // namespace sockops::helper
