// SPDX-License-Identifier: MIT
// What --help prints.
#include <algorithm>

#include "command.hpp"
#include "layout.hpp"
#include "words.hpp"

namespace sockops::tools {

namespace {

constexpr std::size_t option_column = 24, farthest_column = 24;

/// A term, and its text in a column.
std::string entry(std::string_view term, std::string_view text, std::size_t column) {
	std::string lines = filled(text, column);
	if (2 + term.size() + 1 > column)
		return in_a_row({"  ", term, "\n", lines});
	return lines.replace(2, term.size(), term);
}

std::string prose(std::string_view text) {
	std::string all;
	for (const std::string_view each : paragraphs_of(text))
		all += in_a_row({all.empty() ? "" : "\n", filled(each, 0)});
	return all;
}

std::string items(const std::vector<item>& all) {
	std::size_t widest = 0;
	for (const item& each : all)
		widest = std::max(widest, each.term.size());
	std::string text;
	for (const item& each : all)
		text += entry(each.term, each.text, std::min(farthest_column, widest + 4));
	return text;
}

} // namespace

std::string help_text(const command& of) {
	std::string text;
	for (const std::string_view each : of.synopsis)
		text += in_a_row({text.empty() ? "usage: " : "       ", of.name, " ", each, "\n"});
	text += in_a_row({"\n", prose(of.description), "\n"});
	for (const option& each : of.options)
		text += entry(in_a_row({each.names, each.value.empty() ? "" : " ", each.value}), each.text,
					  option_column);
	for (const section& each : of.sections)
		text += in_a_row({"\n", each.title, ":\n", prose(each.text), items(each.items), prose(each.behind)});
	return text;
}

} // namespace sockops::tools
