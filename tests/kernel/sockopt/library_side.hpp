// SPDX-License-Identifier: MIT
// The same scenes with the library and a stack that does nothing else.
#pragma once

#include "scene.hpp"

namespace sockopt_diff {

/// Plays what another has answered: the steps that are `given` tell the stack's side, and the results
/// are the library's.
scene play_in_library(const surroundings& where, const scene& answered);

/// Every result, optval and done that is not the same, in words.
std::vector<std::string> differences(const scene& wanted, const scene& got);

} // namespace sockopt_diff
