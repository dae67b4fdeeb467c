// SPDX-License-Identifier: MIT
#include "value_difference.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "../command/words.hpp"

namespace sockops_run {

using namespace sockops::tools;

namespace {

struct member {
	std::string_view name; ///< "" of an array's element
	std::string_view value;
};

bool is_braced(std::string_view text) { return text.starts_with('{') && text.ends_with('}'); }

/// The end of what begins at `from`: the ", " after it outside of braces and quotes, or the end.
std::size_t end_of_item(std::string_view text, std::size_t from) {
	int depth = 0;
	bool quoted = false;
	for (std::size_t at = from; at != text.size(); ++at) {
		const char c = text[at];
		if (quoted && c == '\\')
			++at;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '}'))
			depth += c == '{' ? 1 : -1;
		else if (!quoted && depth == 0 && c == ',')
			return at;
		if (at == text.size())
			break;
	}
	return text.size();
}

member split_item(std::string_view item) {
	const std::size_t equals = item.find(" = ");
	const bool named = equals < item.find_first_of("{\"");
	return named ? member{item.substr(0, equals), item.substr(equals + 3)} : member{{}, item};
}

/// Of a text in braces.
std::vector<member> members_of(std::string_view text) {
	text = text.substr(1, text.size() - 2);
	std::vector<member> all;
	for (std::size_t at = 0; at < text.size();) {
		const std::size_t end = end_of_item(text, at);
		all.push_back(split_item(text.substr(at, end - at)));
		at = end + 2; // ", "
	}
	return all;
}

bool same_members(const std::vector<member>& a, const std::vector<member>& b) {
	if (a.size() != b.size())
		return false;
	for (std::size_t at = 0; at != a.size(); ++at)
		if (a[at].name != b[at].name)
			return false;
	return true;
}

void add_differences(const std::string& path, std::string_view before, std::string_view after,
					 std::string& to) {
	if (before == after)
		return;
	if (is_braced(before) && is_braced(after)) {
		const std::vector<member> old = members_of(before), now = members_of(after);
		if (same_members(old, now)) {
			for (std::size_t at = 0; at != old.size(); ++at) {
				const std::string index = std::to_string(at);
				const std::string below = old[at].name.empty()
											  ? in_a_row({path, "[", index, "]"})
											  : in_a_row({path, path.empty() ? "" : ".", old[at].name});
				add_differences(below, old[at].value, now[at].value, to);
			}
			return;
		}
	}
	to += in_a_row({to.empty() ? "" : ", ", path, path.empty() ? "" : " ", before, " -> ", after});
}

bool is_zero(std::string_view value) {
	if (!is_braced(value))
		return value == "0" || value == "0x0" || value == "false" || value == "\"\"";
	const std::vector<member> all = members_of(value);
	return std::all_of(all.begin(), all.end(), [](const member& each) { return is_zero(each.value); });
}

std::string shortened(std::string_view value) {
	if (!is_braced(value))
		return std::string(value);
	const std::vector<member> all = members_of(value);
	std::string text;
	bool left_out = false;
	for (const member& each : all) {
		const bool named = !each.name.empty();
		if (named && is_zero(each.value)) {
			left_out = true;
			continue;
		}
		// All elements of an array stay: their place is their name.
		const std::string below = named ? shortened(each.value) : std::string(each.value);
		text += in_a_row({text.empty() ? "" : ", ", each.name, named ? " = " : "", below});
	}
	if (left_out && text.empty())
		return "all 0";
	return in_a_row({"{", text, left_out ? ", …" : "", "}"});
}

} // namespace

std::string without_zeroes(const std::string& value) { return shortened(value); }

std::string difference_text(const std::string& before, const std::string& after) {
	std::string text;
	add_differences("", before, after, text);
	return text;
}

} // namespace sockops_run
