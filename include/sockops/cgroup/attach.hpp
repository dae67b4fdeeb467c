// SPDX-License-Identifier: MIT
// Attaching programs to cgroups, and taking them off again: BPF_PROG_ATTACH, _DETACH and _QUERY of
// Linux 6.18. Links stand in cgroup/link.hpp.
//
// Attach and detach never wait, not even for a dispatch that runs the program now: a program may
// detach itself, and keeps running until it returns. Each queues what it replaced (sync/rcu.hpp).
//
// Context: any thread, inside programs too; takes cgroup_mutex for a moment. Not from a signal handler.
#pragma once

#include <cstddef>

#include <sockops/cgroup/attach_error.hpp>

namespace sockops {

struct bpf_cgroup_link;

/// Attachments that one cgroup can hold itself; what it inherits is not counted.
inline constexpr std::size_t bpf_cgroup_max_progs = 64;

/// The attachment that a new one is to stand beside: attr.relative_fd or relative_id. One of these,
/// or none: then attach_flags::before means first, and after, or neither, last.
struct bpf_attach_anchor {
	const bpf_prog* prog = nullptr;        ///< attached here directly
	const bpf_cgroup_link* link = nullptr; ///< with attach_flags::link
	u32 id = 0;                            ///< with attach_flags::id: a program's, or (link) a link's
	/// -errno of a handle that names neither, from whoever speaks in handles (a closed fd: -EBADF).
	/// It is answered where the kernel looks the handle up: after the other checks.
	int bad_handle = 0;
};

/// The variable part of an attach. As in bpf(2), flags 0 is the mode NONE (and what links and detaches
/// want); without options try_attach() takes ALLOW_MULTI.
struct bpf_attach_opts {
	u32 flags = 0;
	const bpf_prog* replace_prog = nullptr; ///< with attach_flags::replace; ignored without
	bpf_attach_anchor anchor{};
	u64 expected_revision = 0; ///< of the cgroup's list; 0: any
};

/// __cgroup_bpf_attach(): takes a reference of its own on `prog`. The rules, in order:
/// attach_error.hpp. Over an attachment in a single mode (none, allow_override), and with replace,
/// the new program takes the old one's place and its flags are those of this call; nothing is said
/// then about anchors. A failed attach has changed nothing.
[[nodiscard]] attach_error try_attach(cgroup& cgrp, const bpf_prog_ptr& prog,
									  const bpf_attach_opts& opts = {attach_flags::allow_multi},
									  cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

/// __cgroup_bpf_detach(). In the single modes the one program goes whichever was named, or none; in
/// multi mode `prog`, attached here directly. Never fails for lack of memory: where a cgroup's array
/// cannot be built again the dummy program takes the place. `opts` for its revision alone: flags
/// (which must be 0) and an anchor are refused.
[[nodiscard]] attach_error try_detach(cgroup& cgrp, const bpf_prog* prog, const bpf_attach_opts& opts = {},
									  cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

/// The same as 0 or -errno.
[[nodiscard]] inline int cgroup_bpf_attach(cgroup& cgrp, const bpf_prog_ptr& prog,
										   u32 flags = attach_flags::allow_multi,
										   cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept {
	return try_attach(cgrp, prog, {flags}, type).code();
}
[[nodiscard]] inline int cgroup_bpf_detach(cgroup& cgrp, const bpf_prog* prog,
										   cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept {
	return try_detach(cgrp, prog, {}, type).code();
}

/// Flags of a query.
namespace query_flags {
inline constexpr u32 effective = 1 << 0; ///< BPF_F_QUERY_EFFECTIVE: what runs, in run order
}

/// BPF_PROG_QUERY: what to fill in, and what was found.
struct cgroup_bpf_query_attr {
	u32 query_flags = 0;
	std::size_t capacity = 0;         ///< entries of each buffer that is given
	const bpf_prog** progs = nullptr; ///< for comparison: no reference is taken
	u32* prog_ids = nullptr;
	u32* prog_attach_flags = nullptr; ///< the list's mode, per entry that is asked for; not if effective

	// Out.
	std::size_t prog_cnt = 0; ///< all there are, also where the buffers were shorter
	u32 attach_flags = 0;     ///< the list's mode; 0 for an effective query
	u64 revision = 0;         ///< 1 at first, + 1 with each change; 0 for an effective query
};

/// __cgroup_bpf_query(): attachments in list order, or what runs in run order. 0; -EINVAL (unknown
/// query flags), -ENOENT (the cgroup has been removed), -EINVAL (prog_attach_flags of an effective
/// query), -ENOSPC (the buffers were too short: they are full, prog_cnt is true). Without room for programs
/// (neither progs nor prog_ids, or a capacity of 0) none is asked for: 0, and nothing is written to any
/// buffer. -EXDEV (illegal use): the cgroup is another copy's of the library.
[[nodiscard]] int cgroup_bpf_query(cgroup& cgrp, cgroup_bpf_query_attr& attr,
								   cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept;

/// What the short form finds.
struct cgroup_bpf_query_result {
	std::size_t prog_cnt;
	u32 attach_flags;
	u64 revision;
};
/// The same in short: at most `capacity` programs into `progs`; its errnos.
[[nodiscard]] inline int cgroup_bpf_query(cgroup& cgrp, bool effective, const bpf_prog** progs,
										  std::size_t capacity, cgroup_bpf_query_result& result,
										  cgroup_bpf_attach_type type = CGROUP_SOCK_OPS) noexcept {
	cgroup_bpf_query_attr attr;
	attr.query_flags = effective ? query_flags::effective : 0;
	attr.capacity = capacity;
	attr.progs = progs;
	const int error = cgroup_bpf_query(cgrp, attr, type);
	result = {attr.prog_cnt, attr.attach_flags, attr.revision};
	return error;
}

} // namespace sockops
