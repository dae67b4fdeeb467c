// SPDX-License-Identifier: MIT
// One run: objects, loaded and attached, and a timeline played around them.
#pragma once

#include "arguments.hpp"
#include "output.hpp"

namespace sockops_run {

/// The exit status: 1 if --expect was given, and an expectation of the timeline was not met, if a program was
/// stopped, unless --keep-going was, or if there was what --fail-if names; else 0. Throws object_error,
/// timeline_error, or what play() throws.
int run(const arguments& with, output& to);

} // namespace sockops_run
