// SPDX-License-Identifier: MIT
// A table that EnableCsv() wrote, read as RFC 4180 has it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace test {

using table = std::vector<std::vector<std::string>>;

/// What a reader of RFC 4180 makes of a text.
inline table parse(const std::string& text) {
	table rows{{""}};
	bool quoted = false;
	for (std::size_t i = 0; i != text.size(); ++i) {
		std::string& cell = rows.back().back();
		if (quoted && text[i] == '"' && text[i + 1] == '"')
			cell += text[++i];
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && text[i] == ',')
			rows.back().emplace_back();
		else if (!quoted && text[i] == '\n')
			rows.push_back({""});
		else
			cell += text[i];
	}
	EXPECT_EQ(rows.back(), std::vector<std::string>{""}) << "the last line ends";
	rows.pop_back();
	for (const auto& row : rows)
		EXPECT_EQ(row.size(), rows[0].size());
	return rows;
}

/// The cell of a row by its column's name.
inline std::string cell(const table& of, std::size_t row, const std::string& column) {
	const auto at = std::find(of[0].begin(), of[0].end(), column);
	EXPECT_NE(at, of[0].end()) << column;
	return of.at(row).at(at - of[0].begin());
}

/// Row of the n-th call of an op on a node; 0: none.
inline std::size_t row_of(const table& of, const char* op, const char* node, int n = 1) {
	for (std::size_t row = 1; row < of.size(); ++row)
		if (cell(of, row, "op") == op && cell(of, row, "node") == node && --n == 0)
			return row;
	return 0;
}

} // namespace test
