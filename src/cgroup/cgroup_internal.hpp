// SPDX-License-Identifier: MIT
// What the tree, attach and links share: the lock, and the way from lists to arrays.
#pragma once

#include <mutex>

#include <sockops/cgroup/attach.hpp>

namespace sockops::detail {

/// cgroup_mutex. Held in forks, so that a child finds it free.
std::mutex& cgroup_mutex() noexcept;

/// Did another copy of the library make it? Then that is reported, with what the call does.
[[nodiscard]] bool is_of_other_copy(const char* call, const cgroup& cgrp, const char* result) noexcept;
[[nodiscard]] bool is_of_other_copy(const char* call, const bpf_prog& prog, const char* result) noexcept;
inline constexpr const char* not_changed = "-EXDEV, nothing changes";

// All of these: under cgroup_mutex.

/// A new cgroup runs what its parent runs; a root, nothing. Allocates nothing.
void cgroup_bpf_inherit(cgroup& created, cgroup_bpf_attach_type type) noexcept;

/// Makes a cgroup its own home, if it is not yet. Nothing that runs changes by it.
cgroup_bpf_home& become_home(cgroup& cgrp, cgroup_bpf_attach_type type) noexcept;

/// After a change of `home`'s list or of an entry: builds the arrays of the home and of those below
/// it, then publishes them. False, and nothing published, if there is no memory.
[[nodiscard]] bool update_effective_progs(cgroup_bpf_home& home) noexcept;

/// Takes `entry` out of its list and out of every array that runs it. Cannot fail: where an array
/// cannot be built, the dummy program takes the entry's place in the old one.
void remove_effective_prog(cgroup_bpf_home& home, bpf_prog_list& entry) noexcept;

/// The entry has another program: writes it over the old one in every array that runs the entry.
void replace_effective_prog(cgroup_bpf_home& home, const bpf_prog_list& entry) noexcept;

/// Takes all entries off a cgroup nobody references any more and leaves their links without a
/// cgroup; the references that the entries held are appended to `dropped`.
void cgroup_bpf_release(cgroup& cgrp, cgroup_bpf_home::prog_list& dropped) noexcept;

/// Leaves a link without a cgroup: its entry is about to go.
void forget_cgroup(bpf_cgroup_link& link) noexcept;
/// The entry attaches nothing any more: counts, and its link if it has one.
void forget_entry(bpf_prog_list& entry, cgroup_bpf_attach_type type) noexcept;

/// Puts the programs of entries that have left their list, and frees the entries. No lock held.
void dispose_entries(cgroup_bpf_home::prog_list& entries) noexcept;

/// What an attach attaches: a program directly, or by a link.
struct attach_request {
	cgroup& cgrp;
	cgroup_bpf_attach_type type;
	bpf_prog* prog;
	bpf_cgroup_link* link; ///< nullptr: directly
	const bpf_attach_opts& opts;

	[[nodiscard]] attach_error refused(attach_rule rule) const noexcept {
		return {rule, &cgrp, nullptr, opts.flags, opts.anchor.bad_handle};
	}
};

/// __cgroup_bpf_attach() from its second check on (the callers know their own flags). The entry is
/// stored to `*made`. `replaced` takes over the reference to a program whose place was taken.
[[nodiscard]] attach_error attach_entry(const attach_request& request, bpf_prog_list** made,
										bpf_prog_ptr& replaced) noexcept;

/// Takes an entry off for good; it is appended to `dropped`.
void detach_entry(cgroup_bpf_home& home, bpf_prog_list& entry, cgroup_bpf_attach_type type,
				  cgroup_bpf_home::prog_list& dropped) noexcept;

} // namespace sockops::detail
