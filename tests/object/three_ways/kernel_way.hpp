// SPDX-License-Identifier: MIT
// Programs on real sockets of the machine's kernel.
#pragma once

#include <string>

#include "../../kernel/traces/kernel_runner.hpp"
#include "model_way.hpp"

namespace three_ways {

/// What is left behind, in the form that the other ways have; or what went wrong.
struct kernel_run {
	outcome left;
	std::string error;
};
/// Takes as long as the timeline's events do. Several may be played at the same time, each in a thread and
/// with a runner of its own. All runners are made before the first play: what a new one forks holds the
/// sockets that are open.
kernel_run play_in_kernel(traces::kernel_runner& runner, const program_case& of, const timeline& what);

} // namespace three_ways
