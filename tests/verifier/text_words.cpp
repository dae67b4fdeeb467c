// SPDX-License-Identifier: MIT
#include "text_words.hpp"

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <sstream>

namespace verdicts {

std::string trimmed(std::string_view text) {
	const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
	return first == text.npos ? "" : std::string(text.substr(first, last - first + 1));
}

std::vector<std::string> words_of(std::string_view text) {
	std::istringstream in{std::string(text)};
	std::vector<std::string> words;
	for (std::string word; in >> word;)
		words.push_back(word);
	return words;
}

std::vector<std::string> parts_of(std::string_view text, char by) {
	std::vector<std::string> parts;
	while (true) {
		const std::size_t end = text.find(by);
		parts.push_back(trimmed(text.substr(0, end)));
		if (end == text.npos)
			return parts;
		text.remove_prefix(end + 1);
	}
}

bool is_number(const std::string& text) {
	const std::size_t digit = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
	if (digit == text.size() || !std::isdigit(static_cast<unsigned char>(text[digit])))
		return false;
	const bool is_hex = text.compare(digit, 2, "0x") == 0;
	const char* const allowed = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
	const std::size_t begin = digit + (is_hex ? 2 : 0);
	return begin < text.size() && text.find_first_not_of(allowed, begin) == text.npos;
}

u64 number_of(const std::string& text) {
	if (!is_number(text))
		fail("'" + text + "' is no number");
	const bool is_hex = text.find("0x") != text.npos;
	errno = 0;
	const u64 value = std::strtoull(text.c_str(), nullptr, is_hex ? 16 : 10); // a sign negates
	if (errno != 0)
		fail("'" + text + "' does not fit into 64 bits");
	return value;
}

} // namespace verdicts
