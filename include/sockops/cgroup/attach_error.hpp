// SPDX-License-Identifier: MIT
// Why an attach, a detach or a link update was refused: the rule, its errno, and words.
//
// Context: any thread that keeps the cgroups which the error names; message() takes memory, so not in a
// signal handler.
#pragma once

#include <string>

#include <sockops/cgroup/cgroup.hpp>

namespace sockops {

/// The rules in the order in which they are checked; those of detach and of link updates last.
enum class attach_rule : u8 {
	granted,
	unknown_flags,         ///< EINVAL
	no_program,            ///< EINVAL
	bad_type,              ///< EINVAL
	cgroup_removed,        ///< ENOENT
	override_and_multi,    ///< EINVAL
	replace_without_multi, ///< EINVAL
	replace_with_position, ///< EINVAL: REPLACE with BEFORE or AFTER
	replace_names_nothing, ///< EINVAL
	stale_revision,        ///< ESTALE
	ancestor_allows_none,  ///< EPERM: the nearest ancestor with programs is attached with NONE
	other_mode,            ///< EPERM: the list has another mode
	too_many,              ///< E2BIG: 64 here already
	already_attached,      ///< EINVAL: this program, directly
	replaced_not_attached, ///< ENOENT
	no_memory,             ///< ENOMEM: nothing has changed
	one_position,          ///< EINVAL: an anchor and not exactly one of BEFORE and AFTER
	anchor_kind,           ///< EINVAL: programs stand beside programs, links beside links
	anchor_handle,         ///< what the handle answered, or EBADF
	anchor_not_here,       ///< ENOENT
	anchor_preorder,       ///< EINVAL: PREORDER differs
	both_ends,             ///< EINVAL: BEFORE and AFTER, and no anchor
	detach_takes_no_flags, ///< EINVAL: nor an anchor
	detach_names_nothing,  ///< EINVAL: in the mode ALLOW_MULTI
	nothing_attached,      ///< ENOENT
	not_attached,          ///< ENOENT: not directly
	link_gone,             ///< ENOLINK: the link is attached to nothing, or empty
	old_without_replace,   ///< EINVAL
	old_differs,           ///< EPERM
	other_copy, ///< EXDEV: the cgroup or the program is another copy's of the library; illegal use, too
};

/// The outcome of an attach, a detach or a link update. It converts to true if there is an error.
struct attach_error {
	attach_rule rule = attach_rule::granted;
	const cgroup* at = nullptr;         ///< where; valid as long as the caller's reference
	const cgroup* decided_by = nullptr; ///< the ancestor that refused, if one did
	u32 flags = 0;                      ///< those of the call
	int handle_error = 0;               ///< what an anchor's handle answered (anchor_handle)

	/// 0 or -errno.
	[[nodiscard]] int code() const noexcept;
	/// "EPERM: /a/b: the ancestor /a holds a program attached with NONE: …"; "" if there is none.
	[[nodiscard]] std::string message() const;
	explicit operator bool() const noexcept { return rule != attach_rule::granted; }
};

} // namespace sockops
