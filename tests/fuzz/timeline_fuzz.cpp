// SPDX-License-Identifier: MIT
// Timelines and text tests under a fuzzer: whatever the text, it is read, or refused with a line that it has
// and a reason. What has been read is looked at: its values can be resolved, or it is said why not; and
// without a line that expects something it is still read, with the same events.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sockops/testing/timeline.hpp>

#include "../../src/testing/judge/names.hpp"
#include "../../src/testing/text/statement.hpp"

namespace {

using namespace sockops::testing;

void require(bool holds) {
	if (!holds)
		std::abort();
}

unsigned lines_of(std::string_view text) {
	return 1 + static_cast<unsigned>(std::count(text.begin(), text.end(), '\n'));
}

void resolve(const text::names& words, const std::string& value) {
	try {
		(void)words.resolved(value);
	} catch (const text::unknown_word& wrong) {
		require(wrong.what()[0] != '\0');
	}
}

void look_at(const timeline_statement& line, const text::names& words) {
	require(line.what && !line.text.empty());
	if (const auto* const map = std::get_if<text::about_map>(&line.what->what)) {
		resolve(words, map->key.value_or(""));
		resolve(words, map->value);
	} else if (const auto* const global = std::get_if<text::about_global>(&line.what->what)) {
		resolve(words, global->value);
	} else if (const auto* const records = std::get_if<text::about_records>(&line.what->what)) {
		for (const std::string& each : records->values)
			resolve(words, each);
	}
}

/// The text with an empty line in the place of one.
std::string without(std::string_view text, unsigned line) {
	std::string all;
	for (unsigned at = 1; !text.empty(); ++at) {
		const std::size_t end = std::min(text.find('\n'), text.size());
		if (at != line)
			all += text.substr(0, end);
		all += '\n';
		text.remove_prefix(std::min(end + 1, text.size()));
	}
	return all;
}

void read(std::string_view text) {
	const timeline all = timeline::parse(text);
	const unsigned lines = lines_of(text);
	text::names words;
	words.let("a", "7");
	unsigned first = 0;
	for (const timeline_event& event : all.events) {
		require(event.line != 0 && event.line <= lines && !event.text.empty());
		require(event.fire.has_value() == (event.what == timeline_action::fire));
		for (const timeline_statement& each : event.statements) {
			require(each.line > event.line && each.line <= lines);
			look_at(each, words);
			first = first ? first : each.line;
		}
	}
	if (first)
		require(timeline::parse(without(text, first)).events.size() == all.events.size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
	const std::string_view text(reinterpret_cast<const char*>(data), size);
	try {
		read(text);
	} catch (const timeline_error& refused) {
		require(refused.line <= lines_of(text) && !refused.reason.empty());
	}
	return 0;
}
