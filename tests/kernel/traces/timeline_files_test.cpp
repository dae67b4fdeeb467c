// SPDX-License-Identifier: MIT
// The files in tests/timelines/ say what the kernel was asked to do, and what was seen.
#include <gtest/gtest.h>

#include "from_timeline.hpp"
#include "scenarios.hpp"
#include "timeline_text.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

/// Settings and steps, without what was seen.
std::string text_without_prose(timeline what, const std::string& name) {
	what.name = name;
	if (what.scripted) // a program of the side without a socket never runs
		(what.scripted == side::client ? what.client : what.server) = {};
	return timeline_text({"", what}, {});
}

std::string words(const std::vector<sockops::testing::expected_call>& calls) {
	std::string text;
	for (const auto& each : calls)
		text += (text.empty() ? "" : " ") + each.text;
	return text.empty() ? "nothing" : text;
}

TEST(timeline_files, are_read_as_the_steps_that_were_played) {
	for (const scenario& each : scenarios()) {
		const auto read =
			sockops::testing::timeline::parse_file(TIMELINES "/" + each.what.name + ".timeline");
		std::string cannot;
		const timeline found = from_timeline(read, cannot);
		EXPECT_EQ(cannot, "");
		EXPECT_EQ(text_without_prose(found, each.what.name), text_without_prose(each.what, each.what.name));
	}
}

TEST(timeline_files, expect_what_was_recorded) {
	std::string error;
	const traces_recording recorded = read_traces(RECORDED_ANSWERS "/traces-ipv4.json", error);
	ASSERT_EQ(error, "");
	for (const recorded_trace& each : recorded.traces) {
		const auto read = sockops::testing::timeline::parse_file(TIMELINES "/" + each.name + ".timeline");
		ASSERT_EQ(read.events.size(), each.seen.size()) << each.name;
		for (std::size_t at = 0; at != each.seen.size(); ++at) {
			const auto& expect = read.events[at].expect;
			ASSERT_TRUE(expect[0] && expect[1]) << each.name << ", " << read.events[at].text;
			EXPECT_EQ(words(expect[0]->calls), text_of(each.seen[at].client)) << each.name;
			EXPECT_EQ(words(expect[1]->calls), text_of(each.seen[at].server)) << each.name;
		}
	}
}

} // namespace
