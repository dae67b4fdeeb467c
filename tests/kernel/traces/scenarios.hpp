// SPDX-License-Identifier: MIT
// What is played in the kernel and in the model, as step lists. The same as the files in
// tests/timelines/.
#pragma once

#include <vector>

#include "step.hpp"

namespace traces {

/// Each for IPv4; who plays them sets the family.
std::vector<timeline> scenarios();

} // namespace traces
