// SPDX-License-Identifier: MIT
// The recorded traces belong to the files in tests/timelines/, and the small TCP plays those alike.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "comparison.hpp"
#include "model_replies.hpp"
#include "model_runner.hpp"
#include "replies.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

traces_recording recording(bool ipv6) {
	std::string error;
	traces_recording read = read_traces(
		ipv6 ? RECORDED_ANSWERS "/traces-ipv6.json" : RECORDED_ANSWERS "/traces-ipv4.json", error);
	EXPECT_EQ(error, "");
	return read;
}

TEST(recorded_traces, hold_every_timeline_event_by_event) {
	for (const bool ipv6 : {false, true}) {
		const traces_recording recorded = recording(ipv6);
		const std::vector<named_timeline> all = timeline_files(TIMELINES, ipv6);
		ASSERT_EQ(recorded.traces.size(), all.size());
		for (std::size_t which = 0; which != all.size(); ++which) {
			const recorded_trace& one = recorded.traces[which];
			const auto& events = all[which].what.events;
			ASSERT_EQ(one.name, all[which].name);
			ASSERT_EQ(one.steps.size(), events.size()) << one.name;
			for (std::size_t at = 0; at != one.steps.size(); ++at)
				EXPECT_EQ(one.steps[at], events[at].text) << one.name;
		}
	}
}

TEST(recorded_traces, are_what_the_timeline_files_expect) {
	for (const bool ipv6 : {false, true}) {
		const traces_recording recorded = recording(ipv6);
		const std::vector<named_timeline> all = timeline_files(TIMELINES, ipv6);
		ASSERT_EQ(recorded.traces.size(), all.size());
		for (std::size_t which = 0; which != all.size(); ++which) {
			const auto& addresses = all[which].what.settings.addresses;
			if (ipv6 && !addresses[0] && !addresses[1])
				continue; // the files expect what is seen over IPv4, unless they have addresses
			const std::string text = content_of(TIMELINES "/" + all[which].name + ".timeline");
			EXPECT_EQ(text, with_expectations(text, all[which].what, recorded.traces[which].seen));
		}
	}
}

TEST(recorded_traces, are_what_the_small_tcp_plays) {
	unsigned cases = 0, mismatches = 0;
	for (const bool ipv6 : {false, true}) {
		const traces_recording recorded = recording(ipv6);
		const std::vector<named_timeline> all = timeline_files(TIMELINES, ipv6);
		ASSERT_EQ(recorded.traces.size(), all.size());
		for (std::size_t which = 0; which != all.size(); ++which, ++cases) {
			const std::string what = differences(all[which], "recorded", recorded.traces[which].seen,
												 "played", play_in_model(all[which].what));
			mismatches += !what.empty();
			std::printf("%s", what.c_str());
		}
	}
	std::printf("recorded traces: cases=%u mismatches=%u\n", cases, mismatches);
	EXPECT_EQ(mismatches, 0u);
}

TEST(recorded_traces, are_read_as_they_were_written) {
	const traces_recording recorded = recording(true);
	const std::string path = testing::TempDir() + "sockops-traces-again.json";
	ASSERT_TRUE(write_traces(path, recorded));
	std::string error;
	EXPECT_TRUE(read_traces(path, error) == recorded);
	EXPECT_EQ(error, "");
	EXPECT_EQ(content_of(path), content_of(RECORDED_ANSWERS "/traces-ipv6.json"));
	std::remove(path.c_str());
}

/// What is said about a file with this content.
std::string complaint_about(const std::string& content) {
	const std::string path = testing::TempDir() + "sockops-traces-bad.json";
	std::ofstream(path) << content;
	std::string error;
	(void)read_traces(path, error);
	std::remove(path.c_str());
	return error;
}

TEST(recorded_traces, of_another_format_are_refused_in_words) {
	const std::string begin = R"({"format":"sock_ops traces 1","recorded_on":"x","family":2,"client_port":1,)"
							  R"("server_port":2,"traces":[)";
	const auto with_call = [&](const char* call) {
		return begin + R"({"name":"n","steps":[{"step":"s","server":[],"client":[)" + call + "]}]}]}";
	};
	EXPECT_EQ(complaint_about(begin + "]}"), "");
	EXPECT_EQ(complaint_about(with_call(R"({"op":"STATE","state":1})")), "");
	EXPECT_NE(complaint_about("{").find("bad.json:1: "), std::string::npos);
	EXPECT_NE(complaint_about(R"({"format":"other","recorded_on":"x","family":2,"client_port":1,)"
							  R"("server_port":2,"traces":[]})")
				  .find("not a format that is known: other"),
			  std::string::npos);
	EXPECT_NE(complaint_about(with_call(R"({"op":"NO_OP","state":1})")).find("not an op: NO_OP"),
			  std::string::npos);
	EXPECT_NE(complaint_about(with_call(R"({"op":"STATE"})")).find("state"), std::string::npos);
	EXPECT_NE(complaint_about(with_call(R"({"op":"STATE","state":1,"stat":2})")).find("stat"),
			  std::string::npos);
}

TEST(recorded_replies, are_of_the_rows_that_are_played) {
	std::string error;
	const recorded_replies recorded = read_replies(RECORDED_ANSWERS "/replies.json", error);
	ASSERT_EQ(error, "");
	EXPECT_TRUE(recorded.rows == reply_rows());
	EXPECT_EQ(recorded.effects.size(), recorded.rows.size());
	const std::string path = testing::TempDir() + "sockops-replies-again.json";
	ASSERT_TRUE(write_replies(path, recorded));
	EXPECT_EQ(content_of(path), content_of(RECORDED_ANSWERS "/replies.json"));
	std::remove(path.c_str());
}

TEST(recorded_replies, have_the_effects_that_they_have_in_the_small_tcp) {
	std::string error;
	const recorded_replies recorded = read_replies(RECORDED_ANSWERS "/replies.json", error);
	ASSERT_EQ(error, "");
	const unsigned mismatches = compare_replies(recorded.rows, "recorded", recorded.effects, "played",
												replies_in_model(recorded.rows));
	std::printf("recorded replies: cases=%zu mismatches=%u\n", recorded.rows.size(), mismatches);
	EXPECT_EQ(mismatches, 0u);
}

} // namespace
