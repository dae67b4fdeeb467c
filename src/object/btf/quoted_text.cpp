// SPDX-License-Identifier: MIT
// Escapes of C and JSON.
#include "quoted_text.hpp"

#include <cerrno>
#include <charconv>

#include <sockops/kern/types.hpp>

#include "../object_failure.hpp"

namespace sockops::object {
namespace {

[[noreturn]] void refuse(std::string_view what, const char* why) {
	fail_object(EINVAL, "'" + std::string(what) + "' " + why);
}

struct hex_number {
	u32 value = 0;
	std::size_t digits = 0;
};

/// From the front of it, `most` digits of it at most.
hex_number hex_of(std::string_view text, std::size_t most) noexcept {
	hex_number read;
	text = text.substr(0, most);
	read.digits = static_cast<std::size_t>(
		std::from_chars(text.data(), text.data() + text.size(), read.value, 16).ptr - text.data());
	return read;
}

/// `character`: up to 0x10ffff.
void add_utf8(std::string& to, u32 character) {
	const auto add = [&](u32 byte) { to += static_cast<char>(byte); };
	const auto add_rest = [&](unsigned shift) { add(0x80 | ((character >> shift) & 0x3f)); };
	if (character < 0x80)
		return add(character);
	if (character < 0x800)
		add(0xc0 | character >> 6);
	else if (character < 0x10000) {
		add(0xe0 | character >> 12);
		add_rest(6);
	} else {
		add(0xf0 | character >> 18);
		add_rest(12);
		add_rest(6);
	}
	add_rest(0);
}

bool is_high_half(u32 unit) noexcept { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_half(u32 unit) noexcept { return unit >= 0xdc00 && unit < 0xe000; }

/// These take what comes after a '\', and tell how much of it.
std::size_t add_byte(std::string& to, std::string_view escape) {
	const hex_number byte = hex_of(escape.substr(1), 2);
	if (byte.digits == 0)
		refuse("\\x", "is no byte: one or two hex digits come behind it, as in '\\x1f'");
	to += static_cast<char>(byte.value);
	return 1 + byte.digits;
}

u32 unit_of(std::string_view escape) {
	const hex_number unit = hex_of(escape.substr(1), 4);
	if (unit.digits != 4)
		refuse("\\" + std::string(escape.substr(0, 1 + unit.digits)),
			   "is no character: four hex digits come behind '\\u', as in '\\u0041'");
	return unit.value;
}

std::size_t add_character(std::string& to, std::string_view escape) {
	const u32 first = unit_of(escape);
	if (!is_high_half(first) && !is_low_half(first)) {
		add_utf8(to, first);
		return 5;
	}
	const std::string_view next = escape.substr(5);
	const u32 second = next.starts_with("\\u") ? unit_of(next.substr(1)) : 0;
	if (!is_high_half(first) || !is_low_half(second))
		refuse("\\" + std::string(escape.substr(0, 5)),
			   "is half a character: '\\ud800' to '\\udbff' and then '\\udc00' to '\\udfff' are one");
	add_utf8(to, 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff));
	return 11;
}

std::size_t add_escaped(std::string& to, std::string_view escape) {
	constexpr std::string_view letters("\"\\/bfnrt0"), meant("\"\\/\b\f\n\r\t\0", letters.size());
	if (escape.front() == 'x')
		return add_byte(to, escape);
	if (escape.front() == 'u')
		return add_character(to, escape);
	if (escape.front() == '0' && escape.size() > 1 && escape[1] >= '0' && escape[1] <= '7')
		refuse("\\" + std::string(escape.substr(0, 2)), "is octal: a byte is '\\x' and hex digits here");
	const std::size_t at = letters.find(escape.front());
	if (at == letters.npos) {
		std::size_t length = 1; // of a character
		while (length < escape.size() && (static_cast<unsigned char>(escape[length]) & 0xc0) == 0x80)
			++length;
		refuse("\\" + std::string(escape.substr(0, length)),
			   "is no escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\0 \\xHH and \\uHHHH are; a '\\' is '\\\\'");
	}
	to += meant[at];
	return 1;
}

} // namespace

quoted_text read_quoted(std::string_view from) {
	quoted_text read{{}, 1};
	while (read.length < from.size() && from[read.length] != '"') {
		const std::string_view rest = from.substr(read.length);
		const bool is_escape = rest.front() == '\\' && rest.size() > 1;
		read.length += is_escape ? 1 + add_escaped(read.text, rest.substr(1)) : 1;
		if (!is_escape)
			read.text += rest.front();
	}
	if (read.length >= from.size())
		refuse(from, "goes on to the end: a text that begins with '\"' ends with one");
	++read.length;
	return read;
}

} // namespace sockops::object
