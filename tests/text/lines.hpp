// SPDX-License-Identifier: MIT
// The lines of a text test, and which of them expect something.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <sockops/testing/timeline.hpp>

namespace text_tests {

inline std::vector<std::string> lines_of(const std::string& path) {
	std::ifstream file(path);
	std::vector<std::string> lines;
	for (std::string line; std::getline(file, line);)
		lines.push_back(line);
	return lines;
}

inline std::string text_of(const std::vector<std::string>& lines) {
	std::string text;
	for (const std::string& line : lines)
		text.append(line).append("\n");
	return text;
}

/// Their numbers, from 1; without those that give something a name.
inline std::vector<unsigned> expectations_of(const std::string& text) {
	std::vector<unsigned> all;
	for (const sockops::testing::timeline_event& event : sockops::testing::timeline::parse(text).events) {
		for (const auto& expected : event.expect)
			if (expected)
				all.push_back(expected->line);
		for (const sockops::testing::timeline_statement& line : event.statements)
			if (!line.text.starts_with("let "))
				all.push_back(line.line);
	}
	return all;
}

} // namespace text_tests
