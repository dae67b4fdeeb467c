// SPDX-License-Identifier: MIT
#include "notice_lines.hpp"

#include <algorithm>

#include "../command/words.hpp"

namespace sockops_run {

using namespace sockops;
using namespace sockops::tools;

namespace {

/// What is said of many of a kind, around their number: "left out: 50 programs of …". Kinds that are not
/// here are told by the first one's text and the names of the others.
struct words_of_many {
	notice_kind kind;
	const char *before, *after;
	bool of_one_too = false; ///< the notice's text says what a caller of the library does
};
constexpr words_of_many words[] = {
	{notice_kind::program_of_other_type,
	 "left out: ", "programs of other types; a loader would load them, too"},
	{notice_kind::program_not_chosen, "left out: ", "programs that are not among those to load"},
	{notice_kind::optional_program, "left out: ",
	 "optional programs (their sections begin with '?'), as a loader does that is not told otherwise"},
	{notice_kind::unknown_section, "left out: ",
	 "programs in sections that libbpf does not know; it refuses the whole object (EINVAL); one of sock_ops "
	 "programs is named 'sockops'"},
	{notice_kind::older_section, "loaded: ",
	 "programs in sections for which libbpf from 1.0 on, which knows 'sockops' alone, refuses the object "
	 "(EINVAL); older ones and other loaders take them"},
	{notice_kind::struct_ops,
	 "left out: ", "variables that are struct_ops; a loader would make them known to the kernel"},
	{notice_kind::map_not_modelled,
	 "left out: ", "maps of types that this library has not; a loader would make them"},
	{notice_kind::map_of_older_loaders, "",
	 "maps are declared in a section 'maps': older loaders take that, libbpf from 1.0 on refuses the object "
	 "(ENOTSUP)"},
	{notice_kind::map_not_shared, "", "maps are to be pinned: here each object has maps of its own"},
	{notice_kind::kconfig_not_set, "", // the names go before it
	 "(__kconfig __weak), 0 as if the kernel had no such option; --kconfig NAME=VALUE says what it is, as "
	 "the "
	 ".config of the kernel has it",
	 true},
};

const words_of_many* words_for(notice_kind kind) {
	const auto* const found = std::ranges::find(words, kind, &words_of_many::kind);
	return found == std::end(words) ? nullptr : found;
}

using group = std::vector<const object_notice*>;

bool are_alike(const object_notice& a, const object_notice& b) {
	if (a.kind != b.kind)
		return false;
	return a.kind == notice_kind::other ? a.text == b.text : words_for(a.kind) || a.detail == b.detail;
}

std::vector<group> groups_of(const std::vector<object_notice>& all) {
	std::vector<group> groups;
	for (const object_notice& each : all) {
		const auto same =
			std::ranges::find_if(groups, [&](const group& of) { return are_alike(*of.front(), each); });
		if (same == groups.end())
			groups.push_back({&each});
		else
			same->push_back(&each);
	}
	return groups;
}

/// "a, b", or by their details: "XDP: a, b; KPROBE: c".
std::string names_of(const group& of) {
	std::vector<std::pair<std::string, std::vector<std::string>>> by_detail;
	for (const object_notice* const each : of) {
		auto same = std::ranges::find(by_detail, each->detail, [](const auto& pair) { return pair.first; });
		if (same == by_detail.end())
			same = by_detail.insert(same, {each->detail, {}});
		same->second.push_back(each->about);
	}
	std::vector<std::string> parts;
	for (const auto& [detail, names] : by_detail)
		parts.push_back(in_a_row({detail, detail.empty() ? "" : ": ", with_between(names, ", ")}));
	return with_between(parts, "; ");
}

std::string line_of(const group& of) {
	const object_notice& first = *of.front();
	const words_of_many* const many = words_for(first.kind);
	const std::string count = std::to_string(of.size());
	if (many && many->of_one_too)
		return in_a_row({names_of(of), " ", many->after});
	if (many && of.size() > 1)
		return in_a_row({many->before, count, " ", many->after, " (", names_of(of), ")"});
	if (of.size() == 1)
		return first.text;
	if (first.kind == notice_kind::other)
		return in_a_row({first.text, " (", count, " times)"});
	std::vector<std::string> others;
	for (const object_notice* const each : group(of.begin() + 1, of.end()))
		others.push_back(each->about);
	return in_a_row(
		{first.text, "; and so of ", std::to_string(others.size()), " more: ", with_between(others, ", ")});
}

} // namespace

std::vector<std::string> notice_lines(const std::vector<object_notice>& all) {
	std::vector<std::string> lines;
	for (const group& each : groups_of(all))
		lines.push_back(line_of(each));
	return lines;
}

} // namespace sockops_run
