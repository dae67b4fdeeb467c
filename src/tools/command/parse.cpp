// SPDX-License-Identifier: MIT
#include "parse.hpp"

#include <algorithm>

namespace sockops::tools {

namespace {

const option* find(const std::vector<option>& options, std::string_view name) {
	const auto found = std::ranges::find_if(options, [&](const option& each) {
		const std::vector<std::string_view> names = names_of(each);
		return std::ranges::find(names, name) != names.end();
	});
	return found == options.end() ? nullptr : &*found;
}

/// Where the option's name ends: before a '=', or behind the letter of "-IFOLDER".
std::size_t end_of_name(const std::string& word) {
	return word.starts_with("--") ? std::min(word.find('='), word.size())
								  : std::min<std::size_t>(2, word.size());
}

} // namespace

std::vector<read_word> read_words(const std::vector<option>& options, const std::vector<std::string>& words) {
	std::vector<read_word> all;
	bool may_be_option = true;
	for (auto at = words.begin(); at != words.end(); ++at) {
		if (!may_be_option || !at->starts_with('-')) {
			all.push_back({nullptr, *at});
			continue;
		}
		if (*at == "--") {
			may_be_option = false;
			continue;
		}
		const std::string name = at->substr(0, end_of_name(*at));
		const option* const is = find(options, name);
		if (!is)
			throw usage_error("no option '" + *at + "'");
		std::string value = at->substr(name.size());
		if (is->value.empty() && !value.empty())
			throw usage_error("'" + *at + "': " + name + " takes no value");
		if (value.starts_with('=') && name.starts_with("--"))
			value.erase(0, 1);
		else if (!is->value.empty() && value.empty()) {
			if (++at == words.end())
				throw usage_error("'" + name + "' needs a value after it");
			value = *at;
		}
		all.push_back({is, std::move(value)});
	}
	return all;
}

} // namespace sockops::tools
