// SPDX-License-Identifier: MIT
// Flags of a map's creation that are younger than SOCK_OPS programs, with the release that each is there
// since (docs.ebpf.io, the pages of the map types).
#pragma once

#include <string_view>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/map/map_flags.hpp>

namespace sockops::detail {

struct map_flag_row {
	bpf_map_create_flag flag;
	std::string_view name;
	kernel_release since;
};

inline constexpr map_flag_row map_flags[] = {
	{BPF_F_NUMA_NODE, "BPF_F_NUMA_NODE", release(4, 14)},
	{BPF_F_RDONLY, "BPF_F_RDONLY", release(4, 15)},
	{BPF_F_WRONLY, "BPF_F_WRONLY", release(4, 15)},
	{BPF_F_ZERO_SEED, "BPF_F_ZERO_SEED", release(5, 0)},
	{BPF_F_RDONLY_PROG, "BPF_F_RDONLY_PROG", release(5, 2)},
	{BPF_F_WRONLY_PROG, "BPF_F_WRONLY_PROG", release(5, 2)},
	{BPF_F_CLONE, "BPF_F_CLONE", release(5, 4)},
	{BPF_F_MMAPABLE, "BPF_F_MMAPABLE", release(5, 5)},
	{BPF_F_PRESERVE_ELEMS, "BPF_F_PRESERVE_ELEMS", release(5, 10)},
	{BPF_F_INNER_MAP, "BPF_F_INNER_MAP", release(5, 10)},
};

} // namespace sockops::detail
