// SPDX-License-Identifier: MIT
// A recording, done again in the library.
#pragma once

#include <set>
#include <string>

#include "library_world.hpp"

namespace kernel_diff {

struct replay_result {
	unsigned long cases = 0, mismatches = 0;
	std::set<sockops::attach_rule> rules;
	std::string first; ///< mismatch in words
};

/// Of a file in recorded/. One that cannot be read fails the test.
replay_result replay_file(const char* file);

} // namespace kernel_diff
