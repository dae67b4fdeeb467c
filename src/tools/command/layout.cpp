// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <algorithm>

#include "words.hpp"

namespace sockops::tools {

std::size_t columns(std::string_view text) noexcept {
	return static_cast<std::size_t>(std::count_if(
		text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

namespace {

/// Where a full line is best broken: behind its last comma or the like, if that is in its second half.
std::size_t end_of_line(const std::string& line, std::size_t begin) {
	for (std::size_t at = line.size() - 1; at > begin + (line.size() - begin) / 2; --at)
		if (line[at] == ' ' && std::string_view(",;").find(line[at - 1]) != std::string_view::npos)
			return at;
	return line.size();
}

} // namespace

std::string paragraph(std::string_view text, std::size_t indent, std::size_t hanging) {
	std::string all, line(indent, ' ');
	std::size_t begin = indent; ///< of the line's first word
	while (!text.empty()) {
		const std::size_t space = text.find(' ');
		const std::string_view word = text.substr(0, space);
		text.remove_prefix(space == text.npos ? text.size() : space + 1);
		if (line.size() > begin && columns(line) + 1 + columns(word) > line_width) {
			const std::size_t end = end_of_line(line, begin);
			(all += line.substr(0, end)) += '\n';
			begin = indent + hanging;
			const bool has_rest = end < line.size();
			line = std::string(begin, ' ') += has_rest ? line.substr(end + 1) : std::string();
		}
		(line += line.size() > begin ? " " : "") += word;
	}
	return (all += line) += '\n';
}

std::string filled(std::string_view text, std::size_t indent, std::size_t width) {
	std::string all;
	std::size_t column = 0;
	while (!text.empty()) {
		const std::size_t space = text.find_first_of(" \n");
		const std::string_view word = text.substr(0, space);
		text.remove_prefix(space == text.npos ? text.size() : space + 1);
		const bool fits = column != 0 && column + 1 + columns(word) <= width;
		if (!fits && column != 0)
			all += '\n';
		(fits ? all += ' ' : all.append(indent, ' ')) += word;
		column = (fits ? column + 1 : indent) + columns(word);
	}
	return all += '\n';
}

std::string with_pieces(std::string begin, const std::vector<std::vector<std::string>>& groups,
						std::size_t further) {
	const std::size_t column = columns(begin);
	const auto fits = [&](const std::vector<std::string>& group) {
		return std::all_of(group.begin(), group.end(),
						   [&](const std::string& piece) { return column + columns(piece) < line_width; });
	};
	std::string all, line = std::move(begin);
	const auto end_line = [&](std::string_view mark) {
		line.resize(line.find_last_not_of(' ') + 1);
		((all += line) += mark) += '\n';
		line.assign(column, ' ');
	};
	auto at = groups.begin();
	for (; at != groups.end() && fits(*at); ++at) {
		if (columns(line) > column)
			end_line("");
		for (const std::string& piece : *at) {
			if (columns(line) > column && columns(line) + 3 + columns(piece) > line_width)
				end_line(",");
			(line += columns(line) > column ? ", " : "") += piece;
		}
	}
	end_line("");
	for (; at != groups.end(); ++at)
		all += paragraph(with_between(*at, ", "), further, 2);
	return all;
}

} // namespace sockops::tools
