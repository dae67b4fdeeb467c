// SPDX-License-Identifier: MIT
// What a judge says, below the line that it is about.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "../command/layout.hpp"

namespace sockops_run {

/// Behind what became of a run with --unchecked.
inline constexpr std::string_view unchecked_in_words =
	"; unchecked: programs that a kernel refuses were run, too";

/// Long lines go on below, but for those that are lined up with others.
inline std::string in_lines(const std::string& text, std::size_t by) {
	std::string all;
	for (std::size_t at = 0, end; at < text.size(); at = end + 1) {
		end = std::min(text.find('\n', at), text.size());
		const std::string_view line(text.data() + at, end - at);
		const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
		const bool is_lined_up = begin != 0 && line.find("  ", begin) != line.npos;
		if (by + sockops::tools::columns(line) > sockops::tools::line_width && !is_lined_up)
			all += sockops::tools::paragraph(line.substr(begin), by + begin, 2);
		else
			all.append(line.empty() ? 0 : by, ' ').append(line).append("\n");
	}
	return all;
}

} // namespace sockops_run
