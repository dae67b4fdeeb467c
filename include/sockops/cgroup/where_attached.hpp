// SPDX-License-Identifier: MIT
// In which cgroups of a tree a program is attached.
//
// Context: any thread that keeps the cgroup and the program; takes cgroup_mutex and memory. Not from a
// signal handler.
#pragma once

#include <vector>

#include <sockops/cgroup/cgroup.hpp>
#include <sockops/kern/containers.hpp>

namespace sockops {

/// The paths of the cgroups of `in`'s tree whose own list holds `prog`, directly or by a link, parents
/// first; removed ones too. Throws what std::vector does.
[[nodiscard]] std::vector<std::string> where_attached(const cgroup& in, const bpf_prog& prog,
													  cgroup_bpf_attach_type type = CGROUP_SOCK_OPS);

} // namespace sockops
