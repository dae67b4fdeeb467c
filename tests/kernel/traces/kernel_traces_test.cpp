// SPDX-License-Identifier: MIT
// What sock_ops programs see of real sockets, and that it is each time the same. A comparison with the
// recording tells whether this kernel is still the one that the library was held to.
#include <gtest/gtest.h>

#include <cstdio>

#include <sys/utsname.h>

#include "kernel_runner.hpp"
#include "reply_runner.hpp"
#include "scenarios.hpp"
#include "timeline_text.hpp"
#include "traces_recording.hpp"

namespace {

using namespace traces;

std::vector<timeline> all_timelines(ip_family family) {
	std::vector<timeline> all;
	for (scenario& each : scenarios()) {
		each.what.family = family;
		all.push_back(std::move(each.what));
	}
	return all;
}

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

/// Prints the calls of one side that differ, with all that is known of them.
void explain(const std::string& where, const std::vector<call>& recorded, const std::vector<call>& seen) {
	if (recorded == seen)
		return;
	std::printf("%s\n", where.c_str());
	for (std::size_t at = 0; at != std::max(recorded.size(), seen.size()); ++at) {
		const std::string one = at < recorded.size() ? details_of(recorded[at]) : "nothing";
		const std::string other = at < seen.size() ? details_of(seen[at]) : "nothing";
		if (one != other)
			std::printf("  recorded: %s\n  seen:     %s\n", one.c_str(), other.c_str());
	}
}

/// false if something differs; then it is printed.
bool compare(const timeline& what, const trace& recorded, const trace& seen) {
	if (recorded == seen)
		return true;
	for (std::size_t at = 0; at != what.steps.size(); ++at) {
		const std::string where = what.name + ", " + text_of(what.steps[at]);
		explain(where + ", client", recorded[at].client, seen[at].client);
		explain(where + ", server", recorded[at].server, seen[at].server);
	}
	return false;
}

void compare_all(ip_family family, const char* name) {
	if (const kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::string error;
	const traces_recording recording =
		read_traces(std::string(RECORDED_ANSWERS "/traces-") + name + ".json", error);
	ASSERT_EQ(error, "");
	if (version_of(recording.recorded_on) != this_version())
		GTEST_SKIP() << "the recording is of " << recording.recorded_on << ", this is Linux "
					 << this_version();
	const std::vector<timeline> all = all_timelines(family);
	const std::vector<played> got = play_all(all);
	ASSERT_EQ(recording.traces.size(), all.size());
	unsigned mismatches = 0;
	for (std::size_t which = 0; which != all.size(); ++which) {
		EXPECT_EQ(got[which].error, "") << all[which].name;
		ASSERT_EQ(recording.traces[which].seen.size(), got[which].seen.size()) << all[which].name;
		mismatches += !compare(all[which], recording.traces[which].seen, got[which].seen);
	}
	std::printf("kernel-diff traces recorded, %s: cases=%zu mismatches=%u\n", name, all.size(), mismatches);
	EXPECT_EQ(mismatches, 0u);
}

TEST(kernel_traces, are_those_recorded_ipv4) { compare_all(ip_family::ipv4, "ipv4"); }
TEST(kernel_traces, are_those_recorded_ipv6) { compare_all(ip_family::ipv6, "ipv6"); }

TEST(kernel_traces, a_run_that_cannot_be_played_says_which_step_failed) {
	kernel_runner kernel;
	if (!kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	timeline what;
	what.steps = {{.what = action::listen, .who = side::server},
				  {.what = action::accept, .who = side::server}};
	EXPECT_EQ(kernel.play(what).error, "step 2: accept: Resource temporarily unavailable");
	what.sysctls = {{"no_such_thing", "1"}};
	EXPECT_EQ(kernel.play(what).error, "/proc/sys/net/ipv4/no_such_thing: No such file or directory");
}

TEST(kernel_replies, are_those_recorded) {
	if (const kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::string error;
	const recorded_replies recorded = read_replies(RECORDED_ANSWERS "/replies.json", error);
	ASSERT_EQ(error, "");
	if (version_of(recorded.recorded_on) != this_version())
		GTEST_SKIP() << "the recording is of " << recorded.recorded_on << ", this is Linux "
					 << this_version();
	const replies_seen seen = play_replies(recorded.rows);
	ASSERT_EQ(seen.error, "");
	unsigned mismatches = 0;
	for (std::size_t at = 0; at != seen.effects.size(); ++at)
		if (!(seen.effects[at] == recorded.effects[at]) && ++mismatches < 10)
			std::printf("%s\n  recorded: %s\n  seen:     %s\n", text_of(recorded.rows[at]).c_str(),
						text_of(recorded.effects[at]).c_str(), text_of(seen.effects[at]).c_str());
	std::printf("kernel-diff replies recorded: cases=%zu mismatches=%u\n", seen.effects.size(), mismatches);
	EXPECT_EQ(mismatches, 0u);
}

} // namespace
