// SPDX-License-Identifier: MIT
// Errors that a load answers, by their names.
#pragma once

#include <string>

namespace verdicts {

/// Positive; of a number, that. Throws std::runtime_error for another word.
int errno_of(const std::string& word);
/// The other way round.
std::string word_of_errno(int error);

} // namespace verdicts
