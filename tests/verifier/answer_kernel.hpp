// SPDX-License-Identifier: MIT
// What the machine's kernel says to a case.
#pragma once

#include <optional>

#include "case_file.hpp"

namespace verdicts {

/// Loads it, and lets it go again: 0, or errno, positive; nullopt: it is never sent (never_sent.hpp). Throws
/// std::runtime_error, with the place, if its maps or types cannot be made.
std::optional<int> answer_of_kernel(const verifier_case& of);
/// The end of what the verifier wrote on the way.
std::string log_of_kernel(const verifier_case& of);

} // namespace verdicts
