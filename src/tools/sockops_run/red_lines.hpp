// SPDX-License-Identifier: MIT
// What a reader must not miss, in red.
#pragma once

#include <string>

namespace sockops_run {

/// Line by line, so that a pager keeps it, behind what a line is indented by. Each ends with '\n'.
inline std::string red_lines(const std::string& lines) {
	std::string all;
	for (std::size_t at = 0, end; at < lines.size(); at = end + 1) {
		end = lines.find('\n', at);
		const std::size_t first = lines.find_first_not_of(' ', at);
		all += lines.substr(at, first - at) + "\033[31m" + lines.substr(first, end - first) + "\033[0m\n";
	}
	return all;
}

} // namespace sockops_run
