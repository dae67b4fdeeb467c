// SPDX-License-Identifier: MIT
// Types of maps and flags of bpf(2) for them, by the kernel's names and numbers: those of the maps that
// the library has.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

enum bpf_map_type : u32 {
	BPF_MAP_TYPE_SOCKMAP = 15,
	BPF_MAP_TYPE_SOCKHASH = 18,
	BPF_MAP_TYPE_SK_STORAGE = 24,
};
/// Flags of a map's creation.
enum bpf_map_create_flag : u32 {
	BPF_F_NO_PREALLOC = 1u << 0, ///< asked of every SK_STORAGE map
	BPF_F_NUMA_NODE = 1u << 2,   ///< a node to allocate on: here without effect
	BPF_F_RDONLY = 1u << 3,      ///< the creator's descriptor only reads; programs write all the same
	BPF_F_WRONLY = 1u << 4,      ///< it only writes
	BPF_F_CLONE = 1u << 9,       ///< children get a copy of the listener's value
};
/// Flags of an update.
enum bpf_map_update_flag : u64 { BPF_ANY, BPF_NOEXIST, BPF_EXIST };

} // namespace sockops
