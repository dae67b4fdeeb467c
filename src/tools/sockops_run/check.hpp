// SPDX-License-Identifier: MIT
// Objects, one after the other: will a kernel take their programs? Nothing is run.
#pragma once

#include "arguments.hpp"
#include "check_output.hpp"

namespace sockops_run {

/// The exit status: 0 if all programs are taken, 1 if one is not, an object cannot be read, or there is no
/// program. Throws object_error for what options say, and where the kernel may not be asked.
int check(const arguments& with, check_output& to);

} // namespace sockops_run
