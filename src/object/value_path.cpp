// SPDX-License-Identifier: MIT
#include "value_path.hpp"

#include <cerrno>
#include <charconv>

#include "object_failure.hpp"

namespace sockops::object {

namespace {

/// One step of a path: ".member" or "[3]", eaten from the front of `rest`.
typed_value step_into(const typed_value& from, std::string& rest) {
	const bool is_index = rest[0] == '[';
	const std::size_t end = is_index ? rest.find(']') : rest.find_first_of(".[", 1);
	const std::string word = rest.substr(1, (end == rest.npos ? rest.size() : end) - 1);
	if (word.empty() || (is_index && end == rest.npos) || (!is_index && rest[0] != '.'))
		fail_object(EINVAL, "after a name come .MEMBER and [INDEX], and nothing else");
	rest = end == rest.npos ? std::string() : rest.substr(is_index ? end + 1 : end);
	if (!is_index)
		return from[std::string_view(word)];
	std::size_t index = 0;
	const auto [last, error] = std::from_chars(word.data(), word.data() + word.size(), index);
	if (error != std::errc() || last != word.data() + word.size())
		fail_object(EINVAL, "'" + word + "' is no index: a decimal number is");
	return from[index];
}

} // namespace

typed_value value_at(typed_value from, std::string_view path) {
	for (std::string rest(path); !rest.empty();)
		from = step_into(from, rest);
	return from;
}

typed_value global_by_path(bpf_object& object, const std::string& path) {
	const std::size_t end = std::min(path.find_first_of(".["), path.size());
	return value_at(object.global(path.substr(0, end)), std::string_view(path).substr(end));
}

} // namespace sockops::object
