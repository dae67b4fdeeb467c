// SPDX-License-Identifier: MIT
// All types of maps of 6.18, by their numbers: the names of those that are not here, and of the others what
// their entries are and who makes them; and since when there is each (docs.ebpf.io has a page for each type,
// and the older ones stand in docs/kernel-versions.md of bcc). Whoever asks which types there are, or which
// types hold what, asks here: the helpers' rules among them, which are made of it when they are compiled.
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
	kernel_release since;
	map_holds holds = map_holds::unknown;
	const map_type* type = nullptr; ///< nullptr: the library has it not
};

inline constexpr map_type_row map_types[] = {
	{"UNSPEC", 0},
	{"HASH", release(3, 19), map_holds::values, &hash_type},
	{"ARRAY", release(3, 19), map_holds::values, &array_type},
	{"PROG_ARRAY", release(4, 2), map_holds::programs, &prog_array_type},
	{"PERF_EVENT_ARRAY", release(4, 3), map_holds::records, &perf_event_array_type},
	{"PERCPU_HASH", release(4, 6), map_holds::percpu_values, &percpu_hash_type},
	{"PERCPU_ARRAY", release(4, 6), map_holds::percpu_values, &percpu_array_type},
	{"STACK_TRACE", release(4, 6)},
	{"CGROUP_ARRAY", release(4, 8)},
	{"LRU_HASH", release(4, 10), map_holds::values, &lru_hash_type},
	{"LRU_PERCPU_HASH", release(4, 10)},
	{"LPM_TRIE", release(4, 11)},
	{"ARRAY_OF_MAPS", release(4, 12)},
	{"HASH_OF_MAPS", release(4, 12)},
	{"DEVMAP", release(4, 14)},
	{"SOCKMAP", release(4, 14), map_holds::sockets, &sockmap_type},
	{"CPUMAP", release(4, 15)},
	{"XSKMAP", release(4, 18)},
	{"SOCKHASH", release(4, 18), map_holds::sockets, &sockhash_type},
	{"CGROUP_STORAGE", release(4, 19)},
	{"REUSEPORT_SOCKARRAY", release(4, 19)},
	{"PERCPU_CGROUP_STORAGE", release(4, 20)},
	{"QUEUE", release(4, 20), map_holds::queued_values, &queue_type},
	{"STACK", release(4, 20), map_holds::queued_values, &stack_type},
	{"SK_STORAGE", release(5, 2), map_holds::socket_values, &sk_storage_type},
	{"DEVMAP_HASH", release(5, 4)},
	{"STRUCT_OPS", release(5, 6)},
	{"RINGBUF", release(5, 8), map_holds::records, &ring_buffer_type},
	{"INODE_STORAGE", release(5, 10)},
	{"TASK_STORAGE", release(5, 11)},
	{"BLOOM_FILTER", release(5, 16)},
	{"USER_RINGBUF", release(6, 1)},
	{"CGRP_STORAGE", release(6, 2)},
	{"ARENA", release(6, 9)},
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
