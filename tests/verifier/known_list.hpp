// SPDX-License-Identifier: MIT
// The lists of cases with another outcome than a kernel's (known/): the case, and its kind, which is why.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace verdicts {

/// The kind, by the name of a case.
using known_list = std::map<std::string, std::string>;

/// Throws std::runtime_error for a line without a kind, or with the kind "?", and for a name that stands
/// twice.
known_list read_known(const std::string& file);
/// The names anew, in that order, with the kinds that are known, and "?" for the others. `about`: the first
/// line.
void write_known(const std::string& file, const std::string& about, const std::vector<std::string>& names,
				 const known_list& known);

} // namespace verdicts
