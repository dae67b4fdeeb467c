// SPDX-License-Identifier: MIT
// A program that only watches changes nothing: random scenarios, plain and watched, packet by packet, with
// their times and all their bytes. And the comparison can tell: one that adds 1 to the initial window is
// caught.
#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>

#include "../../seed.hpp"
#include "random_child.hpp"
#include "random_program.hpp"

namespace {

using namespace test;
using std::chrono::steady_clock;

struct compared {
	unsigned scenarios = 0, differences = 0, plain_crashes = 0;
	std::uint64_t packets = 0, calls = 0;
};

using make_program = sockops::bpf_prog_ptr (*)(std::uint64_t& calls);

child_end run_hooked(const scenario& what, make_program program) {
	return run_in_child([&] {
		std::uint64_t calls = 0;
		outcome seen = run(what, [&](ns3::SockOpsHelper& helper, const ns3::NodeContainer& nodes) {
			helper.Attach(nodes, "/all", program(calls));
		});
		seen.calls = calls;
		return seen;
	});
}

/// What differs, in words; "": nothing.
std::string difference(const outcome& plain, const outcome& hooked) {
	if (plain.hash != hooked.hash || plain.packets != hooked.packets)
		return first_difference(plain, hooked);
	for (std::size_t i = 0; i != plain.sides.size(); ++i)
		if (plain.sides[i] != hooked.sides[i])
			return "the bytes that side " + std::to_string(i) + " received, or when";
	return {};
}

/// Where plain ns-3 crashes there is nothing to compare with.
void compare(const scenario& what, make_program program, compared& all, std::string& words) {
	const child_end plain = run_in_child([&] { return run(what); });
	if (!plain.fine()) {
		++all.plain_crashes;
		return;
	}
	const child_end hooked = run_hooked(what, program);
	words = hooked.fine() ? difference(plain.seen, hooked.seen) : hooked.in_words();
	++all.scenarios;
	all.differences += !words.empty();
	all.packets += plain.seen.packets.size();
	all.calls += hooked.seen.calls;
}

} // namespace

TEST(identity, a_watcher_with_all_flags_changes_no_packet_and_no_time) {
	constexpr unsigned wanted = 200, least = 10, words_printed = 3;
	constexpr auto time_in_the_suite = std::chrono::milliseconds(2500);
	const std::uint64_t first = seed_of_run();
	const auto start = steady_clock::now();
	const auto goes_on = [&] { return all_of_it() || steady_clock::now() - start < time_in_the_suite; };
	compared all;
	for (std::uint64_t seed = first; all.scenarios < least || (all.scenarios < wanted && goes_on()); ++seed) {
		std::string words;
		compare(draw_scenario(seed), watcher, all, words);
		if (!words.empty() && all.differences <= words_printed)
			std::printf("%s\n  %s\n", in_words(draw_scenario(seed)).c_str(), words.c_str());
	}
	std::printf("ns3 identity: scenarios=%u packets=%llu calls=%llu differences=%u\n", all.scenarios,
				static_cast<unsigned long long>(all.packets), static_cast<unsigned long long>(all.calls),
				all.differences);
	std::printf("without a comparison, as plain ns-3 crashes: %u\n", all.plain_crashes);
	EXPECT_EQ(all.differences, 0u);
	EXPECT_GT(all.packets, 50u * all.scenarios);
	EXPECT_GT(all.calls, 20u * all.scenarios);
}

TEST(identity, a_program_that_adds_one_to_the_window_is_caught) {
	constexpr unsigned scenarios = 12, least_caught = 4; // in others no sender fills its first window
	compared all;
	for (std::uint64_t seed = 1; all.scenarios != scenarios; ++seed) {
		std::string words;
		compare(draw_scenario(seed), meddler, all, words);
	}
	std::printf("ns3 identity, cwnd + 1: scenarios=%u caught=%u\n", all.scenarios, all.differences);
	EXPECT_GE(all.differences, least_caught);
}

TEST(identity, a_scenario_has_one_outcome) {
	const scenario what = draw_scenario(6);
	const child_end once = run_in_child([&] { return run(what); }),
					again = run_in_child([&] { return run(what); });
	ASSERT_TRUE(once.fine() && again.fine());
	EXPECT_GT(once.seen.packets.size(), 100u);
	EXPECT_EQ(difference(once.seen, again.seen), "");
}
