// SPDX-License-Identifier: MIT
// What sock_ops programs see of real sockets, and that it is each time the same. A comparison with the
// recording tells whether this kernel is still the one that the library was held to.
#include <gtest/gtest.h>

#include <cstdio>

#include <sys/utsname.h>

#include "../../kernel_cases.hpp"
#include "comparison.hpp"
#include "kernel_runner.hpp"
#include "model_replies.hpp"
#include "model_runner.hpp"
#include "reply_runner.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

/// "6.18" of "Linux 6.18.44 x86_64" and the like.
std::string version_of(const std::string& release) {
	const std::size_t begin = release.find_first_of("0123456789"), dot = release.find('.', begin);
	return release.substr(begin, release.find('.', dot + 1) - begin);
}

std::string this_version() {
	utsname name{};
	::uname(&name);
	return version_of(name.release);
}

/// Prints what differs. The number of timelines that do.
unsigned compare(const std::vector<named_timeline>& all, const std::vector<played>& live, const char* other,
				 const std::vector<trace>& others) {
	unsigned mismatches = 0;
	for (std::size_t which = 0; which != all.size(); ++which) {
		EXPECT_EQ(live[which].error, "") << all[which].name;
		const std::string what = differences(all[which], "kernel", live[which].seen, other, others[which]);
		std::printf("%s", what.c_str());
		mismatches += !what.empty();
	}
	return mismatches;
}

/// All of one family, played once in the kernel.
const std::vector<played>& live_traces(bool ipv6) {
	static std::vector<played> kept[2];
	if (kept[ipv6].empty())
		kept[ipv6] = play_all(timeline_files(TIMELINES, ipv6));
	return kept[ipv6];
}

TEST(kernel_traces, are_those_of_the_small_tcp) {
	if (const kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::size_t cases = 0;
	unsigned mismatches = 0;
	for (const bool ipv6 : {false, true}) {
		const std::vector<named_timeline> all = timeline_files(TIMELINES, ipv6);
		std::vector<trace> modelled;
		for (const named_timeline& each : all)
			modelled.push_back(play_in_model(each.what));
		cases += all.size();
		mismatches += compare(all, live_traces(ipv6), "model", modelled);
	}
	report_cases("traces", cases, mismatches);
}

TEST(kernel_traces, are_those_recorded) {
	if (const kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::size_t cases = 0;
	unsigned mismatches = 0;
	for (const bool ipv6 : {false, true}) {
		std::string error;
		const traces_recording recorded = read_traces(
			ipv6 ? RECORDED_ANSWERS "/traces-ipv6.json" : RECORDED_ANSWERS "/traces-ipv4.json", error);
		ASSERT_EQ(error, "");
		if (version_of(recorded.recorded_on) != this_version())
			GTEST_SKIP() << "the recording is of " << recorded.recorded_on << ", this is Linux "
						 << this_version();
		const std::vector<named_timeline> all = timeline_files(TIMELINES, ipv6);
		ASSERT_EQ(recorded.traces.size(), all.size());
		std::vector<trace> expected;
		for (const recorded_trace& each : recorded.traces)
			expected.push_back(each.seen);
		cases += all.size();
		mismatches += compare(all, live_traces(ipv6), "recorded", expected);
	}
	report_cases("traces recorded", cases, mismatches);
}

TEST(kernel_traces, a_run_that_cannot_be_played_says_which_event_failed) {
	kernel_runner kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	timeline what = timeline::parse("\t+0 server listen\n\t+0 server accept\n");
	EXPECT_EQ(kernel.play(what).error,
			  "line 2, '+0 server accept': accept: Resource temporarily unavailable");
	what.settings.sysctls = {{"no_such_thing", 1}};
	EXPECT_EQ(kernel.play(what).error, "/proc/sys/net/ipv4/no_such_thing: No such file or directory");
	what.settings.delay_ns = 1;
	EXPECT_EQ(kernel.play(what).error, "a delay: lo has none");
}

/// Played once in the kernel.
const replies_seen& live_replies() {
	static const replies_seen kept = play_replies(reply_rows());
	return kept;
}

TEST(kernel_replies, have_the_effects_that_they_have_in_the_small_tcp) {
	if (const kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	const std::vector<reply_row> rows = reply_rows();
	ASSERT_EQ(live_replies().error, "");
	const unsigned mismatches =
		compare_replies(rows, "kernel", live_replies().effects, "model", replies_in_model(rows));
	report_cases("replies", rows.size(), mismatches);
}

TEST(kernel_replies, have_the_effects_that_were_recorded) {
	if (const kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::string error;
	const recorded_replies recorded = read_replies(RECORDED_ANSWERS "/replies.json", error);
	ASSERT_EQ(error, "");
	if (version_of(recorded.recorded_on) != this_version())
		GTEST_SKIP() << "the recording is of " << recorded.recorded_on << ", this is Linux "
					 << this_version();
	ASSERT_EQ(live_replies().error, "");
	ASSERT_TRUE(recorded.rows == reply_rows());
	const unsigned mismatches =
		compare_replies(recorded.rows, "kernel", live_replies().effects, "recorded", recorded.effects);
	report_cases("replies recorded", recorded.rows.size(), mismatches);
}

} // namespace
