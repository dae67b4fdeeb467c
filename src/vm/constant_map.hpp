// SPDX-License-Identifier: MIT
#pragma once

#include <sockops/map/bpf_map.hpp>

namespace sockops::vm {

/// Does the map hold what it holds for good? Neither programs nor user space write to it any more, as libbpf
/// has .rodata: what is read of it before a run is true in the run.
inline bool is_constant(const bpf_map& map) noexcept {
	return (map.attr.map_flags & BPF_F_RDONLY_PROG) && map.frozen.load(std::memory_order_relaxed);
}

} // namespace sockops::vm
