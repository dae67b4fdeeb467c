// SPDX-License-Identifier: MIT
// The programs compiled while a test runs, with a vmlinux.h that was not there before.
#pragma once

#include "program_cases.hpp"

namespace three_ways {

/// All of them, their objects in files named for `tag`; nothing natively. Empty, and the compiler's words on
/// standard error, if one cannot be compiled.
[[nodiscard]] std::vector<program_case> compiled_with(const std::string& vmlinux_h, const std::string& tag);

} // namespace three_ways
