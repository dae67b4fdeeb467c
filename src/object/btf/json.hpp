// SPDX-License-Identifier: MIT
// JSON, written: values as text, put together from the inside out.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sockops::object {

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// In quotes, escaped. Bytes that are no UTF-8 become U+FFFD each.
[[nodiscard]] std::string json_string(std::string_view text);

/// [1,2]
[[nodiscard]] std::string json_array(const std::vector<std::string>& values);
template <class Range, class ToJson>
[[nodiscard]] std::string json_array(const Range& range, ToJson to_json) {
	std::vector<std::string> values;
	for (const auto& each : range)
		values.push_back(to_json(each));
	return json_array(values);
}

/// {"a":1,"b":"x"}: names and JSON values.
[[nodiscard]] std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members);

} // namespace sockops::object
