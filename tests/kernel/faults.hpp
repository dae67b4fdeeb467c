// SPDX-License-Identifier: MIT
// Single wrong rules in the library, to show that a comparison notices each.
#pragma once

#include <sockops/testing/attach_faults.hpp>

namespace kernel_diff {

struct named_fault {
	sockops::testing::attach_fault fault;
	const char* name;
};

inline constexpr named_fault faults[] = {
	{sockops::testing::attach_fault::ignores_ancestors, "ignores_ancestors"},
	{sockops::testing::attach_fault::limit_before_duplicate_swapped, "limit_before_duplicate_swapped"},
	{sockops::testing::attach_fault::override_keeps_ancestors, "override_keeps_ancestors"},
	{sockops::testing::attach_fault::preorder_descendants_first, "preorder_descendants_first"},
	{sockops::testing::attach_fault::anchor_ignores_preorder, "anchor_ignores_preorder"},
	{sockops::testing::attach_fault::revision_not_bumped, "revision_not_bumped"},
	{sockops::testing::attach_fault::replace_moves_to_tail, "replace_moves_to_tail"},
	{sockops::testing::attach_fault::detach_needs_name_in_single_mode, "detach_needs_name_in_single_mode"},
};

/// A wrong rule for as long as this lives.
class fault_guard {
  public:
	explicit fault_guard(sockops::testing::attach_fault fault) noexcept {
		sockops::testing::set_attach_fault(fault);
	}
	~fault_guard() { sockops::testing::set_attach_fault(sockops::testing::attach_fault::none); }
	fault_guard(const fault_guard&) = delete;
	fault_guard& operator=(const fault_guard&) = delete;
};

} // namespace kernel_diff
