// SPDX-License-Identifier: MIT
// Programs in the small TCP: interpreted, and native.
#pragma once

#include <sockops/testing/timeline.hpp>

#include "outcome.hpp"

namespace three_ways {

using sockops::testing::timeline;

/// The timeline of that name in tests/timelines, without the programs that its file asks for. Throws
/// timeline_error.
timeline bare_timeline(const std::string& name, bool ipv6);

struct model_run {
	outcome left;    ///< what the program has left behind, and the calls that it saw
	outcome printed; ///< lines of bpf_trace_printk(), and options that were set
};

/// Both throw std::runtime_error, also if an interpreted program was stopped.
model_run play_interpreted(const program_case& of, const timeline& what);
model_run play_native(const program_case& of, const timeline& what);

/// The name under which the number of sockets in a map before an event is compared.
std::string name_of_sockets(const std::string& map, const sockops::testing::timeline_event& event);

/// The name under which the calls of a side after an event are compared.
std::string name_of_calls(const timeline& what, std::size_t event, sockops::testing::side who);

} // namespace three_ways
