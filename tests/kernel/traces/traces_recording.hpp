// SPDX-License-Identifier: MIT
// Traces of a kernel, kept as JSON so that others can be held to them. recorded/TRACES.md describes the
// format.
#pragma once

#include <string>
#include <vector>

#include "call.hpp"

namespace traces {

struct recorded_trace {
	std::string name; ///< of the timeline
	std::uint16_t client_port = traces::client_port, server_port = traces::server_port;
	std::vector<std::string> steps; ///< as a timeline file says them
	trace seen;                     ///< one interval for each step

	friend bool operator==(const recorded_trace&, const recorded_trace&) = default;
};

/// All of one address family.
struct traces_recording {
	std::string recorded_on;
	std::uint32_t family = 0; ///< AF_INET or AF_INET6
	std::vector<recorded_trace> traces;

	friend bool operator==(const traces_recording&, const traces_recording&) = default;
};

/// false if the file cannot be written.
bool write_traces(const std::string& path, const traces_recording& what);

/// `error` says what is wrong and where; then the result is of no use.
traces_recording read_traces(const std::string& path, std::string& error);

} // namespace traces
