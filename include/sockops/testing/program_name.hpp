// SPDX-License-Identifier: MIT
// Is a program the one that a test means?
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <sockops/kern/containers.hpp>

namespace sockops::testing::detail {

/// Is it the program's name? "tune" and "web:tune" may be one: where the object goes without saying, it is
/// left out.
inline bool is_program(const std::string& name, const std::string& wanted) {
	const auto bare = [](const std::string& one) { return one.substr(one.find(':') + 1); };
	const bool both_say = name.find(':') != name.npos && wanted.find(':') != wanted.npos;
	return both_say ? name == wanted : bare(name) == bare(wanted);
}

inline bool is_among(const std::vector<std::string>& names, const std::string& wanted) {
	return std::any_of(names.begin(), names.end(),
					   [&](const std::string& one) { return is_program(one, wanted); });
}

} // namespace sockops::testing::detail
