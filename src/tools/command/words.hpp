// SPDX-License-Identifier: MIT
// Text put together.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sockops::tools {

/// The pieces in a row. (g++ 12 gives a false -Wrestrict for "literal" + std::string&&.)
inline std::string in_a_row(std::initializer_list<std::string_view> pieces) {
	std::string text;
	for (const std::string_view piece : pieces)
		text += piece;
	return text;
}

/// "a, b".
inline std::string with_between(const std::vector<std::string>& all, std::string_view between) {
	std::string text;
	for (const std::string& each : all) {
		text += text.empty() ? std::string_view() : between;
		text += each;
	}
	return text;
}

} // namespace sockops::tools
