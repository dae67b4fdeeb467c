// SPDX-License-Identifier: MIT
// Where the enumeration starts from: c0 above c1, where things are attached, above c2.
#pragma once

#include <vector>

#include "operation.hpp"

namespace kernel_diff {

/// Numbers with a meaning in all starting states.
namespace role {
inline constexpr int target = 1;                  ///< the cgroup in which all happens
inline constexpr int here = 0, here_preorder = 1; ///< programs attached there, where any are
inline constexpr int above = 20, below = 21;      ///< attached in the parent, in the child
inline constexpr int nowhere = 30, fresh = 31;    ///< attached nowhere
inline constexpr int new_link = 9;                ///< made by a case
inline constexpr int link_here = 0, link_here_preorder = 1, link_above = 2, link_closed = 3;
} // namespace role

struct starting_state {
	const char* name;
	std::vector<operation> build;
};

const std::vector<starting_state>& starting_states();

} // namespace kernel_diff
