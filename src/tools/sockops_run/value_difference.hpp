// SPDX-License-Identifier: MIT
// Values as C text, for people. Where two differ: "{count = 1, last = {a = 5, b = 7}}" and
// "{count = 2, last = {a = 5, b = 8}}" in "count 1 -> 2, last.b 7 -> 8".
#pragma once

#include <string>

namespace sockops_run {

/// Of values whose texts have not the same members: "old -> new".
[[nodiscard]] std::string difference_text(const std::string& before, const std::string& after);

/// Without the members that are 0; "…" at the end says that there are some: "{port = 80, …}", "all 0".
[[nodiscard]] std::string without_zeroes(const std::string& value);

} // namespace sockops_run
