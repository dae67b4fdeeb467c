// SPDX-License-Identifier: MIT
// All types of maps of 6.18, by their numbers: the names of those that are not here, and of the others what
// their entries are and who makes them. Whoever asks which types there are, or which types hold what, asks
// here: the helpers' rules among them, which are made of it when they are compiled.
#pragma once

#include <array>
#include <iterator>

#include <sockops/map/bpf_map.hpp>

namespace sockops::detail {

struct map_type; // map_type.hpp

// Each in the file of its name.
extern const map_type array_type, hash_type, lru_hash_type, percpu_array_type, percpu_hash_type,
	perf_event_array_type, prog_array_type, queue_type, ring_buffer_type, sk_storage_type, sockhash_type,
	sockmap_type, stack_type;

struct map_type_row {
	const char* name;
	map_holds holds = map_holds::unknown;
	const map_type* type = nullptr; ///< nullptr: the library has it not
};

inline constexpr map_type_row map_types[] = {
	{"UNSPEC"},
	{"HASH", map_holds::values, &hash_type},
	{"ARRAY", map_holds::values, &array_type},
	{"PROG_ARRAY", map_holds::programs, &prog_array_type},
	{"PERF_EVENT_ARRAY", map_holds::records, &perf_event_array_type},
	{"PERCPU_HASH", map_holds::percpu_values, &percpu_hash_type},
	{"PERCPU_ARRAY", map_holds::percpu_values, &percpu_array_type},
	{"STACK_TRACE"},
	{"CGROUP_ARRAY"},
	{"LRU_HASH", map_holds::values, &lru_hash_type},
	{"LRU_PERCPU_HASH"},
	{"LPM_TRIE"},
	{"ARRAY_OF_MAPS"},
	{"HASH_OF_MAPS"},
	{"DEVMAP"},
	{"SOCKMAP", map_holds::sockets, &sockmap_type},
	{"CPUMAP"},
	{"XSKMAP"},
	{"SOCKHASH", map_holds::sockets, &sockhash_type},
	{"CGROUP_STORAGE"},
	{"REUSEPORT_SOCKARRAY"},
	{"PERCPU_CGROUP_STORAGE"},
	{"QUEUE", map_holds::queued_values, &queue_type},
	{"STACK", map_holds::queued_values, &stack_type},
	{"SK_STORAGE", map_holds::socket_values, &sk_storage_type},
	{"DEVMAP_HASH"},
	{"STRUCT_OPS"},
	{"RINGBUF", map_holds::records, &ring_buffer_type},
	{"INODE_STORAGE"},
	{"TASK_STORAGE"},
	{"BLOOM_FILTER"},
	{"USER_RINGBUF"},
	{"CGRP_STORAGE"},
	{"ARENA"},
};
static_assert(std::size(map_types) == BPF_MAP_TYPE_ARENA + 1);

/// The row of a number; UNSPEC's for one that no type has.
constexpr const map_type_row& row_of_map_type(u32 type) noexcept {
	return map_types[type < std::size(map_types) ? type : 0];
}

/// How many types hold one of these.
constexpr std::size_t count_types_that_hold(auto... what) noexcept {
	std::size_t count = 0;
	for (const map_type_row& each : map_types)
		count += ((each.holds == what) || ...);
	return count;
}
/// Which do: bpf_map_type, rising.
template <map_holds... What>
inline constexpr auto types_that_hold = [] {
	std::array<u32, count_types_that_hold(What...)> found{};
	for (u32 type = 0, at = 0; type != std::size(map_types); ++type)
		if (((map_types[type].holds == What) || ...))
			found[at++] = type;
	return found;
}();

} // namespace sockops::detail
