// SPDX-License-Identifier: MIT
// Single wrong rules of attaching, for tests that show that they would notice.
#pragma once

#include <atomic>

namespace mutants {

enum class attach_mutant {
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

struct named_attach_mutant {
	attach_mutant which;
	const char* name;
};

inline constexpr named_attach_mutant attach_mutants[] = {
	{attach_mutant::ignores_ancestors, "ignores_ancestors"},
	{attach_mutant::limit_before_duplicate_swapped, "limit_before_duplicate_swapped"},
	{attach_mutant::override_keeps_ancestors, "override_keeps_ancestors"},
	{attach_mutant::preorder_descendants_first, "preorder_descendants_first"},
	{attach_mutant::anchor_ignores_preorder, "anchor_ignores_preorder"},
	{attach_mutant::revision_not_bumped, "revision_not_bumped"},
	{attach_mutant::replace_moves_to_tail, "replace_moves_to_tail"},
	{attach_mutant::detach_needs_name_in_single_mode, "detach_needs_name_in_single_mode"},
};

inline constinit std::atomic<attach_mutant> the_attach_mutant{attach_mutant::none};

inline bool is(attach_mutant which) noexcept {
	return the_attach_mutant.load(std::memory_order_relaxed) == which;
}

/// A wrong rule for as long as this lives, from the next call on.
class with_attach_mutant {
  public:
	explicit with_attach_mutant(attach_mutant which) noexcept { the_attach_mutant = which; }
	~with_attach_mutant() { the_attach_mutant = attach_mutant::none; }
	with_attach_mutant(const with_attach_mutant&) = delete;
	with_attach_mutant& operator=(const with_attach_mutant&) = delete;
};

} // namespace mutants
