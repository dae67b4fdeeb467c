// SPDX-License-Identifier: MIT
// Helpers that call the program back: bpf_loop(), bpf_for_each_map_elem().
#pragma once

#include <cerrno>

#include "map.hpp"

namespace sockops::helper {

/// How often it was called.
inline s64 loop(u32 nr_loops, number_callback each, u64 flags) noexcept {
	constexpr u32 max_loops = 1u << 23;
	if (flags != 0)
		return -EINVAL;
	if (nr_loops > max_loops)
		return -E2BIG;
	for (u32 i = 0; i != nr_loops; ++i)
		if (each(i) != 0)
			return i + 1;
	return nr_loops;
}

/// How often it was called. The values are the program's to write.
inline s64 for_each_map_elem(any_map map, element_callback each, u64 flags) noexcept {
	struct visit {
		any_map of;
		element_callback back;
	} visit{map, each};
	if (flags != 0)
		return -EINVAL;
	return map->for_each(
		[](void* key, void* value, void* arg) {
			const auto& [of, back] = *static_cast<struct visit*>(arg);
			of->tell_observers(key, value);
			return back.call(of.as_given, key, value, back.context);
		},
		&visit);
}

using callback_rules = rule_list<rule<"bpf_loop", loop>, rule<"bpf_for_each_map_elem", for_each_map_elem>>;

} // namespace sockops::helper
