// SPDX-License-Identifier: MIT
// Other programs, which are compilers here.
#pragma once

#include <string>
#include <vector>

namespace sockops_run {

/// Runs the program that is first found in PATH, and waits; what it prints goes where this tool's does.
/// Throws std::runtime_error, with the whole command, if it cannot be run or fails.
void run_command(const std::vector<std::string>& words);

/// The first line that it prints, "" if it fails.
[[nodiscard]] std::string first_line_of(const std::vector<std::string>& words);

} // namespace sockops_run
