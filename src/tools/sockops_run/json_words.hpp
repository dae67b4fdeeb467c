// SPDX-License-Identifier: MIT
// Words and numbers of --json that no other table has; sockops-run.schema.json is held to them.
#pragma once

#include <sockops/trace/trace.hpp>

namespace sockops_run {

/// Of what --json prints: another one where a member goes, or means something else.
inline constexpr unsigned json_version = 1;

constexpr const char* fate_name(sockops::trace_fate fate) noexcept {
	using sockops::trace_fate;
	switch (fate) {
	case trace_fate::ran:
		return "ran";
	case trace_fate::no_program:
		return "no_program";
	case trace_fate::key_off:
		return "key_off";
	case trace_fate::time_wait:
		return "time_wait";
	case trace_fate::no_listener:
		return "no_listener";
	case trace_fate::withheld:
		break;
	}
	return "withheld";
}

} // namespace sockops_run
