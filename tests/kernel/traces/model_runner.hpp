// SPDX-License-Identifier: MIT
// Plays a timeline with the library's small TCP, and writes its calls down as the kernel's are.
#pragma once

#include "timeline_files.hpp"

namespace traces {

/// What programs of both sides saw: one interval for each event. Throws what sockops::testing::play() does.
trace play_in_model(const timeline& what);

} // namespace traces
