// SPDX-License-Identifier: MIT
// Lines about all that was sent, printed or spoiled in an interval.

#include <algorithm>

#include <sockops/testing/program_name.hpp>

#include "judging.hpp"

namespace sockops::testing::text {

namespace {

/// "seen" of a list, with a mark at the first that is another.
mismatch list_instead(const std::vector<std::string>& seen, std::size_t wrong) {
	std::string text;
	for (std::size_t at = 0; at != seen.size(); ++at)
		text.append(at == 0 ? "seen      " : "\n          ").append(at == wrong ? ">" : "").append(seen[at]);
	if (seen.empty())
		return {"seen      nothing\n"};
	return {text.append(wrong >= seen.size() ? "\n          >nothing more\n" : "\n")};
}

/// Without its end, so that each stands on one line.
std::string in_quotes(std::string_view line) {
	return std::string("\"").append(line.substr(0, line.size() - line.ends_with('\n'))).append("\"");
}

} // namespace

mismatch judge_records(const about_records& expected, const seen_interval& seen, const known& of) {
	std::vector<const typed_value*> all;
	std::vector<std::string> texts;
	for (const judged_call& call : seen.calls)
		for (const text_record& each : call.records)
			if (detail::is_program(each.map, expected.map)) {
				all.push_back(&each.value);
				texts.push_back(each.value.text());
			}
	std::size_t at = 0;
	while (at < all.size() && at < expected.values.size() &&
		   is_value(*all[at], relation::equal, of.words.resolved(expected.values[at])))
		++at;
	return at == all.size() && at == expected.values.size() ? mismatch{} : list_instead(texts, at);
}

mismatch judge_printk(const about_printk& expected, const seen_interval& seen) {
	std::vector<std::string> all, texts;
	for (const judged_call& call : seen.calls)
		for (const std::string& each : call.what.printk) {
			all.push_back(each);
			texts.push_back(in_quotes(each));
		}
	std::size_t at = 0;
	while (at < all.size() && at < expected.lines.size() && is_line(all[at], unquoted(expected.lines[at])))
		++at;
	return at == all.size() && at == expected.lines.size() ? mismatch{} : list_instead(texts, at);
}

mismatch judge_spoils(const about_spoils& expected, const seen_interval& seen) {
	std::vector<const spoiled*> all;
	std::vector<std::string> texts;
	for (const judged_call& call : seen.calls)
		for (const spoiled& each : call.what.spoiled) {
			all.push_back(&each);
			texts.push_back(std::string(spoil_name(each.what)).append(": ").append(each.text));
		}
	std::size_t at = 0;
	while (at < all.size() && at < expected.all.size() && is_spoil(expected.all[at], *all[at]))
		++at;
	return at == all.size() && at == expected.all.size() ? mismatch{} : list_instead(texts, at);
}

} // namespace sockops::testing::text
