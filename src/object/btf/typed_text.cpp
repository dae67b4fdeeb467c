// SPDX-License-Identifier: MIT
// A value as C would write it.
#include <cctype>
#include <cstdio>

#include <sockops/object/typed_value.hpp>

#include "value_writer.hpp"

namespace sockops {

using namespace object;

namespace {

struct c_style final : value_style {
	std::string bytes(std::span<const std::byte> raw) const override {
		std::string hex;
		for (const std::byte each : raw) {
			char two[4];
			std::snprintf(two, sizeof two, "%02x ", std::to_integer<unsigned>(each));
			hex += two;
		}
		if (!hex.empty())
			hex.pop_back();
		return hex;
	}
	std::string text(std::span<const std::byte> chars) const override {
		std::string quoted = "\"";
		for (const std::byte each : chars) {
			const char c = static_cast<char>(each);
			if (c == '\0')
				break;
			char escaped[8];
			if (c == '"' || c == '\\')
				(quoted += '\\') += c;
			else if (std::isprint(static_cast<unsigned char>(c)))
				quoted += c;
			else {
				std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
				quoted += escaped;
			}
		}
		return quoted + '"';
	}
	std::string number(const scalar_number& value) const override { return in_words(value); }
	std::string boolean(bool value) const override { return value ? "true" : "false"; }
	std::string enumerator(const std::string& name) const override { return name; }
	std::string pointer(u64 address) const override {
		char hex[24];
		std::snprintf(hex, sizeof hex, "0x%llx", static_cast<unsigned long long>(address));
		return hex;
	}
	std::string floating(double value) const override {
		char decimal[40];
		std::snprintf(decimal, sizeof decimal, "%g", value);
		return decimal;
	}
	std::string members(const std::vector<std::pair<std::string, std::string>>& all,
						bool cut) const override {
		std::string list;
		for (const auto& [name, value] : all)
			list += (list.empty() ? "" : ", ") + name + " = " + value;
		return "{" + list + (cut ? ", …}" : "}");
	}
	std::string elements(const std::vector<std::string>& all) const override {
		std::string list;
		for (const std::string& each : all)
			list += (list.empty() ? "" : ", ") + each;
		return "{" + list + "}";
	}
	std::string not_there() const override { return "?"; }
};

} // namespace

std::string typed_value::text() const {
	return types_ ? write_value({*types_, type_, bytes_, bit_offset_, bit_size_}, c_style())
				  : c_style().bytes(bytes_);
}

} // namespace sockops
