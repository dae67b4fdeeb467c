// SPDX-License-Identifier: MIT
// Types of maps and flags of bpf(2) for them, by the kernel's names and numbers: those of the maps that
// the library has.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

enum bpf_map_type : u32 {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_SOCKMAP = 15,
	BPF_MAP_TYPE_SOCKHASH = 18,
	BPF_MAP_TYPE_SK_STORAGE = 24,
	BPF_MAP_TYPE_RINGBUF = 27,
};
/// Flags of a map's creation.
enum bpf_map_create_flag : u32 {
	BPF_F_NO_PREALLOC = 1u << 0,     ///< asked of every SK_STORAGE map
	BPF_F_NO_COMMON_LRU = 1u << 1,   ///< each CPU evicts for itself
	BPF_F_NUMA_NODE = 1u << 2,       ///< a node to allocate on: here without effect
	BPF_F_RDONLY = 1u << 3,          ///< the creator's descriptor only reads; programs write all the same
	BPF_F_WRONLY = 1u << 4,          ///< it only writes
	BPF_F_ZERO_SEED = 1u << 6,       ///< hashes begin with 0: here they always do
	BPF_F_RDONLY_PROG = 1u << 7,     ///< programs only read
	BPF_F_WRONLY_PROG = 1u << 8,     ///< programs only write
	BPF_F_CLONE = 1u << 9,           ///< children get a copy of the listener's value
	BPF_F_MMAPABLE = 1u << 10,       ///< user space may map an ARRAY's values
	BPF_F_PRESERVE_ELEMS = 1u << 11, ///< a PERF_EVENT_ARRAY keeps its entries when a descriptor closes
	BPF_F_INNER_MAP = 1u << 12,      ///< an ARRAY that may stand in maps of maps: here without effect
};
/// Flags of an update.
enum bpf_map_update_flag : u64 {
	BPF_ANY,
	BPF_NOEXIST,
	BPF_EXIST,
	BPF_F_LOCK = 4, ///< holding the value's bpf_spin_lock
};

} // namespace sockops
