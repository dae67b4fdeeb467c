// SPDX-License-Identifier: MIT
#include "json.hpp"

#include <cstdio>

namespace sockops::object {

namespace {

bool is_continuation(std::string_view text, std::size_t at) noexcept {
	return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

/// How many bytes the UTF-8 character at `at` has; 0: it is none (cut short, too long a form, a surrogate).
std::size_t utf8_length(std::string_view text, std::size_t at) noexcept {
	const auto first = static_cast<unsigned char>(text[at]);
	const auto second = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : 0);
	const std::size_t length = first < 0x80   ? 1
							   : first < 0xc2 ? 0
							   : first < 0xe0 ? 2
							   : first < 0xf0 ? 3
							   : first < 0xf5 ? 4
											  : 0;
	for (std::size_t i = 1; i < length; ++i)
		if (!is_continuation(text, at + i))
			return 0;
	const bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
					 (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
	return bad ? 0 : length;
}

void add_escaped(std::string& to, char c) {
	switch (c) {
	case '"':
		to += "\\\"";
		return;
	case '\\':
		to += "\\\\";
		return;
	case '\n':
		to += "\\n";
		return;
	case '\t':
		to += "\\t";
		return;
	default:
		break;
	}
	char text[8];
	std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned char>(c));
	to += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? std::string(text) : std::string(1, c);
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
	std::size_t at = 0;
	for (std::size_t length; at < text.size(); at += length)
		if ((length = utf8_length(text, at)) == 0)
			return false;
	return true;
}

std::string json_string(std::string_view text) {
	std::string quoted(1, '"');
	for (std::size_t at = 0; at < text.size();) {
		const std::size_t length = utf8_length(text, at);
		if (length == 1)
			add_escaped(quoted, text[at]);
		else
			quoted += length == 0 ? "\\ufffd" : text.substr(at, length);
		at += length == 0 ? 1 : length;
	}
	return quoted += '"';
}

std::string json_array(const std::vector<std::string>& values) {
	std::string text(1, '[');
	for (const std::string& each : values)
		(text += text.size() == 1 ? "" : ",") += each;
	return text += ']';
}

std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members) {
	std::string text(1, '{');
	for (const auto& [name, value] : members) {
		(text += text.size() == 1 ? "" : ",") += json_string(name);
		(text += ':') += value;
	}
	return text += '}';
}

} // namespace sockops::object
