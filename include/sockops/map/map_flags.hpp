// SPDX-License-Identifier: MIT
// Types of maps and flags of bpf(2) for them, by the kernel's names and numbers: all types of 6.18, and the
// flags of those that the library has (bpf_map_type_is_modelled(), map/bpf_map.hpp).
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

enum bpf_map_type : u32 {
	BPF_MAP_TYPE_UNSPEC,
	BPF_MAP_TYPE_HASH,
	BPF_MAP_TYPE_ARRAY,
	BPF_MAP_TYPE_PROG_ARRAY,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY,
	BPF_MAP_TYPE_PERCPU_HASH,
	BPF_MAP_TYPE_PERCPU_ARRAY,
	BPF_MAP_TYPE_STACK_TRACE,
	BPF_MAP_TYPE_CGROUP_ARRAY,
	BPF_MAP_TYPE_LRU_HASH,
	BPF_MAP_TYPE_LRU_PERCPU_HASH,
	BPF_MAP_TYPE_LPM_TRIE,
	BPF_MAP_TYPE_ARRAY_OF_MAPS,
	BPF_MAP_TYPE_HASH_OF_MAPS,
	BPF_MAP_TYPE_DEVMAP,
	BPF_MAP_TYPE_SOCKMAP,
	BPF_MAP_TYPE_CPUMAP,
	BPF_MAP_TYPE_XSKMAP,
	BPF_MAP_TYPE_SOCKHASH,
	BPF_MAP_TYPE_CGROUP_STORAGE,
	BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,
	BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
	BPF_MAP_TYPE_QUEUE,
	BPF_MAP_TYPE_STACK,
	BPF_MAP_TYPE_SK_STORAGE,
	BPF_MAP_TYPE_DEVMAP_HASH,
	BPF_MAP_TYPE_STRUCT_OPS,
	BPF_MAP_TYPE_RINGBUF,
	BPF_MAP_TYPE_INODE_STORAGE,
	BPF_MAP_TYPE_TASK_STORAGE,
	BPF_MAP_TYPE_BLOOM_FILTER,
	BPF_MAP_TYPE_USER_RINGBUF,
	BPF_MAP_TYPE_CGRP_STORAGE,
	BPF_MAP_TYPE_ARENA,
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
