// SPDX-License-Identifier: MIT
#include "comments.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sockops::testing {

found_by_line found_in_comments(const std::string& source) {
	static constexpr std::string_view begin = "/* found: ", end = " */";
	std::ifstream file(source);
	if (!file)
		throw std::runtime_error(source + " cannot be read");
	found_by_line found;
	std::string line;
	for (unsigned number = 1; std::getline(file, line); ++number) {
		const std::size_t at = line.find(begin);
		if (at == std::string::npos)
			continue;
		const std::size_t text = at + begin.size();
		found[number] = line.substr(text, line.find(end, text) - text);
	}
	return found;
}

namespace {
/// The number behind "(file:", and where what is found begins; 0 without.
unsigned line_of(const std::string& message, const std::string& file, std::size_t& text) {
	const std::string place = "(" + file + ":";
	const std::size_t at = message.find(place);
	if (at == std::string::npos)
		return 0;
	// The line's text may have parentheses of its own: "'): " ends it.
	const std::size_t end = message.find("'): ", at);
	if (end != std::string::npos)
		text = end + 4;
	return static_cast<unsigned>(std::stoul(message.substr(at + place.size())));
}
} // namespace

found_by_line found_in_messages(const std::vector<std::string>& messages, const std::string& file) {
	found_by_line found;
	for (const std::string& message : messages) {
		std::size_t text = 0;
		const unsigned line = line_of(message, file, text);
		// One after the other: each has to be what the comment says.
		found[line].append(found[line].empty() ? "" : "\n").append(message.substr(text));
	}
	return found;
}

namespace {
/// Where variables have no names, a message says where on the stack the bytes are; then only the reader is
/// compared.
bool agree_on_one(const std::string& comment, const std::string& message) {
	if (message.starts_with(comment))
		return true;
	const std::size_t reader = message.find(": ");
	return message.find(" of the stack") != std::string::npos &&
		   message.substr(0, reader) == comment.substr(0, comment.find(": "));
}
bool agree(const std::string& comment, const std::string& messages) {
	std::istringstream lines(messages);
	std::string message;
	while (std::getline(lines, message))
		if (!agree_on_one(comment, message))
			return false;
	return true;
}
} // namespace

std::string disagreement(const found_by_line& comments, const found_by_line& messages) {
	std::string words;
	const auto add = [&words](unsigned line, std::string_view what, const std::string& text) {
		words.append("line ")
			.append(std::to_string(line))
			.append(": ")
			.append(what)
			.append(text)
			.append("\n");
	};
	for (const auto& [line, text] : comments) {
		const auto at = messages.find(line);
		if (at == messages.end())
			add(line, "not found: ", text);
		else if (!agree(text, at->second))
			add(line, "found, but it says: ", at->second + "\n  instead of: " + text);
	}
	for (const auto& [line, text] : messages)
		if (!comments.contains(line))
			add(line, "found, and nothing is planted there: ", text);
	return words;
}

} // namespace sockops::testing
