// SPDX-License-Identifier: MIT
// A scenario and what was seen of it, as the text of a timeline file.
#pragma once

#include <string>

#include "call.hpp"
#include "scenarios.hpp"

namespace traces {

/// The prose, the settings and the steps; below each step what both sides saw.
std::string timeline_text(const scenario& what, const trace& seen);

/// "+100ms client send 1000 x 8"
std::string text_of(const step& one);

} // namespace traces
