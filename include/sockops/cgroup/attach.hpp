// SPDX-License-Identifier: MIT
// Attaching programs to cgroups, and taking them off again.
//
// Attach and detach never wait, not even for a dispatch that runs the program now: a program may
// detach itself, and keeps running until it returns. Each queues what it replaced (sync/rcu.hpp).
#pragma once

#include <cstddef>

#include <sockops/cgroup/cgroup.hpp>

namespace sockops {

/// Attachments that one cgroup can hold itself; what it inherits is not counted.
inline constexpr std::size_t bpf_cgroup_max_progs = 64;

/// cgroup_bpf_attach(): takes a reference of its own on `prog`. `flags` is an attach_flags value.
/// 0, or the first that applies:
///   -EINVAL  flags unknown, prog empty or type out of range
///   -ENOENT  the cgroup has been removed
///   -EINVAL  allow_override and allow_multi together
///   -EPERM   the nearest ancestor with programs is attached with `none`
///   -EPERM   the cgroup has programs of another mode than this one
///   -E2BIG   the cgroup holds 64 already
///   -EINVAL  allow_multi, and this program is attached here already
///   -ENOMEM  nothing has changed
/// In the single modes (none, allow_override) an attach replaces what is there.
[[nodiscard]] int cgroup_bpf_attach(cgroup& cgrp, const bpf_prog_ptr& prog,
									u32 flags = attach_flags::allow_multi,
									cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

/// cgroup_bpf_detach(): 0, or -ENOENT (cgroup removed; single mode: nothing attached; multi mode:
/// not this program), -EINVAL (multi mode: no program named; type out of range).
/// In the single modes the one program is removed whichever was named, or none. Never fails for
/// lack of memory: where no array can be built the dummy program takes the place.
[[nodiscard]] int cgroup_bpf_detach(cgroup& cgrp, const bpf_prog* prog,
									cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

/// The programs of a cgroup, as BPF_PROG_QUERY reports them.
struct cgroup_bpf_query_result {
	std::size_t prog_cnt; ///< all there are, also where the buffer was shorter
	u32 attach_flags;     ///< the list's mode; 0 for an effective query
	u64 revision;         ///< 0 for an effective query
};

/// Fills at most `capacity` programs into `progs` (attach order; effective: run order). The
/// pointers are for comparison: no reference is taken. 0; -ENOSPC if the buffer was too short and
/// not empty; -ENOENT for a removed cgroup.
[[nodiscard]] int cgroup_bpf_query(cgroup& cgrp, bool effective, const bpf_prog** progs, std::size_t capacity,
								   cgroup_bpf_query_result& result,
								   cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

} // namespace sockops
