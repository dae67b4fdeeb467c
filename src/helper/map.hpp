// SPDX-License-Identifier: MIT
// Helpers about maps: look up, update, delete, count.
#pragma once

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

/// Of the types whose values programs hold pointers to.
template <map_use Use, map_holds... More>
using value_map = map_that_holds<bpf_map, Use, map_holds::values, map_holds::percpu_values, More...>;
using percpu_map = map_that_holds<bpf_map, map_use::reads, map_holds::percpu_values>;
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

using map_rules =
	rule_list<rule<"bpf_map_lookup_elem", map_lookup_elem>, rule<"bpf_map_update_elem", map_update_elem>,
			  rule<"bpf_map_delete_elem", map_delete_elem>,
			  rule<"bpf_map_lookup_percpu_elem", map_lookup_percpu_elem>,
			  rule<"bpf_map_sum_elem_count", map_sum_elem_count>>;

} // namespace sockops::helper
