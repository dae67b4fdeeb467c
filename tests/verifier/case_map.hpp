// SPDX-License-Identifier: MIT
// A `map` line of a case.
#pragma once

#include "case_file.hpp"

namespace verdicts {

/// "m array value=16 entries=4", without the word before it. Throws std::runtime_error.
case_map map_of_line(const std::string& line);
/// The word for a bpf_map_type; "?": none.
std::string word_of_map_type(u32 type);

} // namespace verdicts
