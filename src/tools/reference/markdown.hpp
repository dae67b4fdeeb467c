// SPDX-License-Identifier: MIT
// Markdown put together.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "../../kern/release_words.hpp"

namespace sockops_reference {

inline std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

/// "a, b".
inline std::string in_a_list(const std::vector<std::string>& all) {
	std::string text;
	for (const std::string& each : all)
		text.append(text.empty() ? "" : ", ").append(each);
	return text;
}

/// "| a | b |" and a line's end.
inline std::string row(const std::vector<std::string>& cells) {
	std::string text = "|";
	for (const std::string& each : cells)
		text.append(" ").append(each).append(" |");
	return text + "\n";
}
/// The first two lines of a table.
inline std::string table(const std::vector<std::string>& heads) {
	std::string text = row(heads) + "|";
	for (std::size_t i = 0; i != heads.size(); ++i)
		text += "---|";
	return text + "\n";
}

/// "- **what**: words" and a line's end; nothing without words.
inline std::string item(std::string_view what, const std::string& words) {
	const std::string_view between = words.starts_with('\n') ? ":" : ": ";
	return words.empty() ? "" : "- **" + std::string(what) + "**" + std::string(between) + words + "\n";
}

/// "5.10"; "by 6.18" for what has not been established.
inline std::string release_number(sockops::kernel_release since) {
	return since == 0 ? "by 6.18" : sockops::detail::release_in_words(since);
}

/// What every page begins with.
inline std::string page_head(std::string_view title, std::string_view who, std::string_view table_file) {
	std::string text = "# " + std::string(title) + "\n\n" + std::string(who) + "\n\n";
	return text + "Written by `sockops-reference` from [`" + std::string(table_file) + "`](../" +
		   std::string(table_file) +
		   "), and held\n"
		   "against it by a test: to change the page, change the table, and\n`cmake --build build/release "
		   "--target reference`.\n\n";
}

} // namespace sockops_reference
