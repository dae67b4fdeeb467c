// SPDX-License-Identifier: MIT
// A `map` line of a case.
#pragma once

#include "case_file.hpp"

namespace verdicts {

/// "m array value=16 entries=4", without the word before it. Throws std::runtime_error.
case_map map_of_line(const std::string& line);

} // namespace verdicts
