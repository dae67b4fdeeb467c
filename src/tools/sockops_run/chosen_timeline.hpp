// SPDX-License-Identifier: MIT
// What is played, as the command line wants it.
#pragma once

#include "arguments.hpp"

namespace sockops_run {

/// What is played unless a file is named.
extern const char builtin_timeline[];

/// The file's or the built-in one, with addresses, family and congestion controls of the options. Throws
/// timeline_error.
[[nodiscard]] sockops::testing::timeline chosen_timeline(const arguments& with);

} // namespace sockops_run
