// SPDX-License-Identifier: MIT
// What ns3_lossy prints: a timeline and a table for people, JSON for programs.
#pragma once

#include <optional>
#include <string>

#include "simulation.hpp"

namespace lossy {

/// Both runs; without handlers only the first.
struct comparison {
	settings with;
	run_result plain;
	std::optional<run_result> hooked;
};

std::string as_text(const comparison& of);
std::string as_json(const comparison& of);

/// The first call of `op` on `side` that a program answered: what decided it. nullptr: nobody did.
const callback* deciding_call(const run_result& run, const char* side, std::uint32_t op);

} // namespace lossy
