// SPDX-License-Identifier: MIT
// Each program on real sockets of this machine's kernel, and in the small TCP, interpreted and native: what
// it leaves behind is the same.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <sys/utsname.h>

#include "kernel_way.hpp"

namespace {

using namespace three_ways;

struct played_case {
	const program_case* of;
	std::string name; ///< of the timeline
	timeline what;
	kernel_run in_kernel;

	[[nodiscard]] std::string where() const {
		return of->name + ", " + name + (what.settings.ipv6 ? ", IPv6" : ", IPv4");
	}
};

/// SOCKOPS_ONLY="tune plain" leaves the cases with these words in their names: for a person who looks for a
/// difference.
bool is_wanted(const std::string& where) {
	const char* const only = std::getenv("SOCKOPS_ONLY");
	std::string_view words = only ? only : "";
	while (!words.empty()) {
		const std::string_view word = words.substr(0, words.find(' '));
		if (where.find(word) == where.npos)
			return false;
		words.remove_prefix(std::min(words.size(), word.size() + 1));
	}
	return true;
}

/// Of "6.18.44".
sockops::kernel_release this_kernel() {
	utsname name{};
	::uname(&name);
	unsigned major = 0, minor = 0;
	std::sscanf(name.release, "%u.%u", &major, &minor);
	return sockops::release(major, minor);
}

std::vector<played_case> all_cases() {
	std::vector<played_case> all;
	for (const program_case& each : program_cases()) {
		if (each.since > this_kernel()) {
			std::printf("left out: %s, which this kernel is too old for\n", each.name.c_str());
			continue;
		}
		for (const std::string& name : timelines())
			for (const bool ipv6 : {false, true}) {
				played_case next{&each, name, bare_timeline(name, ipv6), {}};
				if (is_wanted(next.where()))
					all.push_back(std::move(next));
			}
	}
	return all;
}

/// They wait most of the time.
void play_all_in_kernel(std::vector<played_case>& all) {
	constexpr std::size_t at_once = 12;
	std::vector<traces::kernel_runner> runners(at_once);
	std::atomic<std::size_t> next = 0;
	std::vector<std::thread> players;
	for (traces::kernel_runner& runner : runners)
		players.emplace_back([&] {
			for (std::size_t at = next++; at < all.size(); at = next++)
				all[at].in_kernel = play_in_kernel(runner, *all[at].of, all[at].what);
		});
	for (std::thread& player : players)
		player.join();
}

/// What the kernel's sockets left, against both ways here.
compared compare_ways(const played_case& each) {
	compared result;
	if (!each.in_kernel.error.empty()) {
		std::printf("%s: %s\n", each.where().c_str(), each.in_kernel.error.c_str());
		result.mismatches = 1;
		return result;
	}
	result += compare(*each.of, each.where(), "kernel", each.in_kernel.left, "interpreted",
					  play_interpreted(*each.of, each.what).left);
	if (each.of->native)
		result += compare(*each.of, each.where(), "kernel", each.in_kernel.left, "native",
						  play_native(*each.of, each.what).left);
	return result;
}

/// The kernel's timers run in real time, beside whatever else this machine does: a difference that is one is
/// there each of three times.
compared compare_with_patience(played_case& each, traces::kernel_runner& runner) {
	compared result = compare_ways(each);
	for (int plays = 1; result.mismatches != 0 && plays != 3; ++plays) {
		std::printf("%s: is played again\n", each.where().c_str());
		each.in_kernel = play_in_kernel(runner, *each.of, each.what);
		result = compare_ways(each);
	}
	return result;
}

TEST(three_ways, programs_leave_the_same_behind) {
	if (const traces::kernel_runner kernel; !kernel.unusable().empty())
		GTEST_SKIP() << kernel.unusable();
	std::vector<played_case> all = all_cases();
	play_all_in_kernel(all);
	traces::kernel_runner again;
	compared total;
	for (played_case& each : all)
		total += compare_with_patience(each, again);
	std::printf("kernel-diff objects: cases=%u mismatches=%u\n", total.cases, total.mismatches);
	EXPECT_GT(total.cases, 0u);
	EXPECT_EQ(total.mismatches, 0u);
}

} // namespace
