// SPDX-License-Identifier: MIT
// The recorded traces and the files in tests/timelines/ belong together, and can be read.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "replies.hpp"
#include "scenarios.hpp"
#include "timeline_text.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

traces_recording recording(const char* family) {
	std::string error;
	traces_recording read = read_traces(std::string(RECORDED_ANSWERS "/traces-") + family + ".json", error);
	EXPECT_EQ(error, "");
	return read;
}

std::string content_of(const std::string& path) {
	std::ostringstream text;
	text << std::ifstream(path).rdbuf();
	return text.str();
}

TEST(recorded_traces, hold_every_scenario_step_by_step) {
	for (const char* family : {"ipv4", "ipv6"}) {
		const traces_recording recorded = recording(family);
		const std::vector<scenario> all = scenarios();
		ASSERT_EQ(recorded.traces.size(), all.size());
		for (std::size_t which = 0; which != all.size(); ++which) {
			const recorded_trace& one = recorded.traces[which];
			EXPECT_EQ(one.name, all[which].what.name);
			ASSERT_EQ(one.steps.size(), all[which].what.steps.size()) << one.name;
			for (std::size_t at = 0; at != one.steps.size(); ++at)
				EXPECT_EQ(one.steps[at], text_of(all[which].what.steps[at])) << one.name;
		}
	}
}

TEST(recorded_traces, are_what_the_timeline_files_expect) {
	const traces_recording recorded = recording("ipv4");
	const std::vector<scenario> all = scenarios();
	ASSERT_EQ(recorded.traces.size(), all.size());
	for (std::size_t which = 0; which != all.size(); ++which)
		EXPECT_EQ(content_of(std::string(TIMELINES "/") + all[which].what.name + ".timeline"),
				  timeline_text(all[which], recorded.traces[which].seen));
}

TEST(recorded_traces, are_read_as_they_were_written) {
	const traces_recording recorded = recording("ipv6");
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

} // namespace
