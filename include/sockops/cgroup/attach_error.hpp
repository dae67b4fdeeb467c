// SPDX-License-Identifier: MIT
// Why an attach, a detach or a link update was refused: the rule, its errno, and words.
#pragma once

#include <string>

#include <sockops/cgroup/cgroup.hpp>

namespace sockops {

/// The rules in the order in which they are checked.
enum class attach_rule : u8 {
	granted,
	unknown_flags,
	no_program,
	bad_type,
	cgroup_removed,
	override_and_multi,
	replace_without_multi,
	replace_with_position,
	replace_names_nothing,
	stale_revision,
	ancestor_allows_none,
	other_mode,
	too_many,
	already_attached,
	replaced_not_attached,
	no_memory,
	one_position,
	anchor_kind,
	anchor_handle,
	anchor_not_here,
	anchor_preorder,
	both_ends,
	detach_takes_no_flags,
	detach_names_nothing,
	nothing_attached,
	not_attached,
	link_gone,
	old_without_replace,
	old_differs,
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
