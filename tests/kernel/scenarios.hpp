// SPDX-License-Identifier: MIT
// Short sequences, each for one rule that is easily got wrong.
#pragma once

#include <vector>

#include "operation.hpp"

namespace kernel_diff {

struct scenario {
	const char* name;
	std::vector<operation> steps;
};

const std::vector<scenario>& scenarios();

} // namespace kernel_diff
