// SPDX-License-Identifier: MIT
// One run: an object, loaded and attached, and a timeline played around it.
#pragma once

#include "arguments.hpp"
#include "output.hpp"

namespace sockops_run {

/// What is played unless a file is named.
extern const char builtin_timeline[];

/// True: all went well. False: --expect was given, and an expectation of the timeline was not met, or a
/// program was stopped. Throws object_error, timeline_error, or what play() throws.
bool run(const arguments& with, output& to);

} // namespace sockops_run
