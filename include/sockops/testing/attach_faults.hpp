// SPDX-License-Identifier: MIT
// Breaks one rule of attaching on purpose, so that tests can show that they would notice.
#pragma once

namespace sockops::testing {

enum class attach_fault {
	none,
	ignores_ancestors,                ///< an ancestor's NONE does not refuse
	limit_before_duplicate_swapped,   ///< a duplicate is told before the limit
	override_keeps_ancestors,         ///< an OVERRIDE ancestor runs beside what is below it
	preorder_descendants_first,       ///< PREORDER entries run from the bottom up
	anchor_ignores_preorder,          ///< an anchor of the other PREORDER bit will do
	revision_not_bumped,              ///< a replace leaves the revision alone
	replace_moves_to_tail,            ///< a replace gives up the position
	detach_needs_name_in_single_mode, ///< the single modes ask which program to detach
};

/// Takes effect at the next call. Process-wide; not for use outside tests.
void set_attach_fault(attach_fault fault) noexcept;

} // namespace sockops::testing
