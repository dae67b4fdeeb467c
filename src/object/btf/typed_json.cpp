// SPDX-License-Identifier: MIT
// A value as JSON.
#include <cmath>
#include <cstdio>

#include <sockops/object/typed_value.hpp>

#include "json.hpp"
#include "value_writer.hpp"

namespace sockops {

using namespace object;

namespace {

struct json_style final : value_style {
	std::string bytes(std::span<const std::byte> raw) const override {
		return json_array(raw,
						  [](std::byte each) { return std::to_string(std::to_integer<unsigned>(each)); });
	}
	std::string text(std::span<const std::byte> chars) const override {
		std::string_view all(reinterpret_cast<const char*>(chars.data()), chars.size());
		all = all.substr(0, all.find('\0'));
		return is_utf8(all) ? json_string(all) : bytes(chars);
	}
	std::string number(const scalar_number& value) const override { return in_words(value); }
	std::string boolean(bool value) const override { return value ? "true" : "false"; }
	std::string enumerator(const std::string& name) const override { return json_string(name); }
	std::string pointer(u64 address) const override { return std::to_string(address); }
	std::string floating(double value) const override {
		char decimal[40];
		std::snprintf(decimal, sizeof decimal, "%.17g", value);
		return std::isfinite(value) ? decimal : json_string(decimal);
	}
	std::string members(const std::vector<std::pair<std::string, std::string>>& all,
						bool cut) const override {
		std::vector<std::pair<std::string_view, std::string>> pairs(all.begin(), all.end());
		if (cut)
			pairs.emplace_back("…", "\"left out\"");
		return json_object(pairs);
	}
	std::string elements(const std::vector<std::string>& all) const override { return json_array(all); }
	std::string not_there() const override { return "null"; }
};

} // namespace

std::string typed_value::json() const {
	return types_ ? write_value({*types_, type_, bytes_, bit_offset_, bit_size_}, json_style())
				  : json_style().bytes(bytes_);
}

} // namespace sockops
