// SPDX-License-Identifier: MIT
// What both stacks play, and with which programs: some in C++, some compiled from C.
#pragma once

#include "two_stacks.hpp"

#include <functional>
#include <vector>

namespace test {

std::vector<scenario> all_scenarios();
/// Each is made anew for each run: maps and variables begin as compiled.
std::vector<std::function<program_set()>> all_programs();

} // namespace test
