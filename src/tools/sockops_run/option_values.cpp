// SPDX-License-Identifier: MIT
#include "option_values.hpp"

#include <algorithm>
#include <charconv>
#include <random>

#include <sockops/object/object_set.hpp>

#include "../../kern/release_words.hpp"
#include "option_table.hpp"

namespace sockops_run {

using namespace sockops::testing;

named_value parse_pair(const std::string& option, const std::string& word, const char* form) {
	const std::size_t equals = word.find('=');
	if (equals == word.npos || equals == 0)
		throw usage_error("'" + option + " " + word + "': the value is " + form);
	return {word.substr(0, equals), word.substr(equals + 1)};
}

filled_entry parse_entry(const std::string& word) {
	try {
		timeline_map_entry read = map_entry_of(word);
		return {std::move(read.map), std::move(read.key), std::move(read.value), word};
	} catch (const timeline_error&) {
		throw usage_error("'--map " + word + "': the value is MAP[KEY]=VALUE");
	}
}

std::string parse_path(const std::string& before, const std::string& path) {
	if (!sockops::object_set::is_path(path))
		throw usage_error("'" + before + path + "': a cgroup is a path from the root, as / or /web/api");
	return path;
}

std::optional<side> parse_side(const std::string& word) {
	if (word == "both")
		return std::nullopt;
	for (const side each : {side::client, side::server})
		if (word == side_name(each))
			return each;
	throw usage_error("'--side " + word + "': it is client, server or both");
}

void parse_fail_if(const std::string& word, arguments& into) {
	std::string names;
	bool known = word == "any" || word == "denied";
	into.fail_if_denied |= known;
	for (const sockops::spoil each : sockops::all_spoils()) {
		if (word == "any" || word == spoil_name(each)) {
			into.fail_if.push_back(each);
			known = true;
		}
		names.append(spoil_name(each)).append(", ");
	}
	if (!known)
		throw usage_error("'--fail-if " + word + "': it is " + names + "denied or any");
}

when parse_when(const std::string& word) {
	if (word == "always")
		return when::always;
	if (word == "never")
		return when::never;
	if (word == "auto")
		return when::automatic;
	throw usage_error("'--color " + word + "': it is always, auto or never");
}

sockops::u64 parse_number(const std::string& option, const std::string& word) {
	sockops::u64 number = 0;
	const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
	if (error != std::errc() || end != word.data() + word.size())
		throw usage_error("'" + option + " " + word + "': the value is a number");
	return number;
}

sockops::u64 parse_seed(const std::string& word) {
	if (word == "random")
		return std::random_device()();
	try {
		return parse_number("--seed", word);
	} catch (const usage_error&) {
		throw usage_error("'--seed " + word + "': it is a number, or random");
	}
}

sockops::kernel_release parse_kernel(const std::string& word) {
	if (const std::optional<sockops::kernel_release> which = sockops::detail::release_of_words(word))
		return *which;
	throw usage_error("'--kernel " + word + "': " + sockops::detail::release_remedy());
}

/// FILE or FILE@/CGROUP: an '@' before a '/' begins the cgroup, another one is of the file's name.
placed_file parse_object(const std::string& word) {
	const std::size_t at = word.rfind("@/");
	if (at != word.npos)
		return {word.substr(0, at), parse_path(word.substr(0, at + 1), word.substr(at + 1))};
	const std::size_t other = std::min(word.find(".o@"), word.find(".c@"));
	if (other != word.npos)
		(void)parse_path(word.substr(0, other + 3), word.substr(other + 3));
	return {word, std::nullopt};
}

} // namespace sockops_run
