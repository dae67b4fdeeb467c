// SPDX-License-Identifier: MIT
// Text tests, one after the other.
#pragma once

#include "arguments.hpp"
#include "test_output.hpp"

namespace sockops_run {

/// Those that --test names. The exit status: 1 if one fails, else 0. Throws usage_error for paths that are
/// not there, and std::runtime_error if there is no test, or --junit's file cannot be written.
int run_tests(const arguments& with, test_output& to);

} // namespace sockops_run
