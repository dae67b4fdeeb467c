// SPDX-License-Identifier: MIT
// Two traces of one timeline, call by call.
#pragma once

#include "timeline_files.hpp"

namespace traces {

/// What differs, in words: file, event with its line, side, number of the call, and both calls, for the
/// first call that differs of each interval and side. "" if nothing does. `one` and `other`: who saw it.
std::string differences(const named_timeline& what, const char* one, const trace& seen_by_one,
						const char* other, const trace& seen_by_other);

} // namespace traces
