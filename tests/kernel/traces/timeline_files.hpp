// SPDX-License-Identifier: MIT
// The timelines in tests/timelines/: what is played in the kernel and in the model.
#pragma once

#include <string>
#include <vector>

#include <sockops/testing/timeline.hpp>

#include "call.hpp"

namespace traces {

using sockops::testing::side;
using sockops::testing::side_name;
using sockops::testing::timeline;
using sockops::testing::timeline_action;
using sockops::testing::timeline_event;

struct named_timeline {
	std::string name; ///< of its file, without .timeline
	timeline what;
};

/// Files of `directory` with `part` in their names, in the order of their names; those with addresses, and
/// those with an MTU too small for IPv6, are of one family. Throws timeline_error.
std::vector<named_timeline> timeline_files(const std::string& directory, bool ipv6,
										   const std::string& part = "");

/// The text of a timeline file with other expectations: what was seen, one interval for each event.
std::string with_expectations(const std::string& text, const timeline& what, const trace& seen);

/// "" if the file cannot be read.
std::string content_of(const std::string& path);

} // namespace traces
