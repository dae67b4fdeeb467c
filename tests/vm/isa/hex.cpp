// SPDX-License-Identifier: MIT
#include "assembler.hpp"

#include <stdexcept>
#include <string>

namespace isa {

std::vector<std::byte> bytes_of_hex(std::string_view text) {
	std::vector<std::byte> bytes;
	const auto digit = [&](char c) -> unsigned {
		const std::size_t value = std::string_view("0123456789abcdef").find(c);
		if (value == std::string_view::npos)
			throw std::runtime_error("'" + std::string(text) + "': '" + c + "' is no hex digit");
		return static_cast<unsigned>(value);
	};
	for (std::size_t at = 0; at < text.size();) {
		if (text[at] == ' ' || text[at] == '\t') {
			++at;
			continue;
		}
		if (at + 1 == text.size())
			throw std::runtime_error("'" + std::string(text) + "': a byte is two digits");
		bytes.push_back(static_cast<std::byte>(digit(text[at]) * 16 + digit(text[at + 1])));
		at += 2;
	}
	return bytes;
}

} // namespace isa
