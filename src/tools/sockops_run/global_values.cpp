// SPDX-License-Identifier: MIT
#include "global_values.hpp"

#include <charconv>

namespace sockops_run {

using namespace sockops;

namespace {

[[noreturn]] void refuse(const std::string& why) { throw object_error(why); }

/// One step of a path: ".member" or "[3]", eaten from the front of `rest`.
typed_value step_into(const typed_value& from, std::string& rest) {
	const bool is_index = rest[0] == '[';
	const std::size_t end = is_index ? rest.find(']') : rest.find_first_of(".[", 1);
	const std::string word = rest.substr(1, (end == rest.npos ? rest.size() : end) - 1);
	if (word.empty() || (is_index && end == rest.npos))
		refuse("after a name come .MEMBER and [INDEX], and nothing else");
	rest = end == rest.npos ? std::string() : rest.substr(is_index ? end + 1 : end);
	if (!is_index)
		return from[std::string_view(word)];
	std::size_t index = 0;
	const auto [last, error] = std::from_chars(word.data(), word.data() + word.size(), index);
	if (error != std::errc() || last != word.data() + word.size())
		refuse("'" + word + "' is no index: a decimal number is");
	return from[index];
}

/// A C integer: decimal, 0x, negative.
bool parse_integer(std::string_view word, s64& value) {
	const bool negative = word.starts_with('-');
	if (negative)
		word.remove_prefix(1);
	const bool hex = word.starts_with("0x") || word.starts_with("0X");
	if (hex)
		word.remove_prefix(2);
	u64 bits = 0;
	const auto [last, error] = std::from_chars(word.data(), word.data() + word.size(), bits, hex ? 16 : 10);
	if (word.empty() || error != std::errc() || last != word.data() + word.size())
		return false;
	if (negative && bits > u64{1} << 63)
		return false;
	value = static_cast<s64>(negative ? 0 - bits : bits);
	return true;
}

void set_text(typed_value value, const std::string& text) {
	const std::size_t room = value.bytes().size();
	if (text.size() >= room)
		refuse("'" + text + "' has " + std::to_string(text.size()) + " characters, and there is room for " +
			   std::to_string(room - 1) + " and the NUL");
	for (std::size_t at = 0; at != room; ++at)
		value[at].set(at < text.size() ? text[at] : '\0');
}

bool is_text(const typed_value& value) { return value.type_name().starts_with("char["); }

} // namespace

typed_value global_by_path(bpf_object& object, const std::string& path) {
	const std::size_t end = std::min(path.find_first_of(".["), path.size());
	typed_value at = object.global(path.substr(0, end));
	for (std::string rest = path.substr(end); !rest.empty();)
		at = step_into(at, rest);
	return at;
}

void set_global(bpf_object& object, const std::string& path, const std::string& value) {
	typed_value target = global_by_path(object, path);
	s64 number = 0;
	if (is_text(target))
		return set_text(target, value);
	if (value == "true" || value == "false")
		number = value == "true";
	else if (!parse_integer(value, number))
		refuse("'" + value + "' is no value for " + target.type_name() +
			   ": a number (12, -3, 0x1f), true and false are; of a struct, name a member");
	if (!value.starts_with('-'))
		return target.set(static_cast<u64>(number));
	target.set(number);
}

} // namespace sockops_run
