// SPDX-License-Identifier: MIT
// The library's timelines, as the kernel's runner plays them.
#pragma once

#include <string>

#include <sockops/testing/timeline.hpp>

#include "step.hpp"

namespace traces {

/// `cannot`: what of it a kernel on one machine cannot play, in words; "" if it can all.
timeline from_timeline(const sockops::testing::timeline& what, std::string& cannot);

} // namespace traces
