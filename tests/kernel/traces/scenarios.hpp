// SPDX-License-Identifier: MIT
// What is played in the kernel and in the model, as step lists. The files in tests/timelines/ say the
// same as text.
#pragma once

#include <string>
#include <vector>

#include "step.hpp"

namespace traces {

struct scenario {
	std::string prose; ///< for its file
	timeline what;     ///< for IPv4; who plays it for IPv6 sets the family
};

std::vector<scenario> scenarios();

/// The parts of it.
std::vector<scenario> handshake_scenarios();
std::vector<scenario> loss_scenarios();
std::vector<scenario> closing_scenarios();
std::vector<scenario> option_scenarios();
std::vector<scenario> peer_scenarios();

} // namespace traces
