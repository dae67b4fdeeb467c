// SPDX-License-Identifier: MIT
// Every attach, link_create and detach from each starting state: all anchors, all replace handles,
// all 256 flag sets.
#pragma once

#include <functional>
#include <vector>

#include "starting_states.hpp"
#include "world.hpp"

namespace kernel_diff {

/// The operations tried from `state`, in a fixed order.
std::vector<operation> cases_of(const starting_state& state);

struct enumeration_result {
	unsigned long cases = 0, mismatches = 0;
	std::vector<std::string> first; ///< mismatches in words
};

/// Compares all cases of `state`, or each `stride`-th, until `enough` mismatches were seen. After a
/// case that changed something both worlds are put back to the start.
void enumerate(world& expected, world& tested, const starting_state& state, enumeration_result& result,
			   unsigned long stride = 1, unsigned long enough = ~0ul);

/// Puts one world into a starting state.
void build(world& into, const starting_state& state);

} // namespace kernel_diff
