// SPDX-License-Identifier: MIT
// Programs that by chance reply, set options and congestion controls, and arm flags: none of it makes a
// simulation crash that plain ns-3 gets through, and what applications read is what was written, in order.
//
// Plain ns-3 leaves about one in fourteen of these connections with bytes that never arrive, however long one
// waits, and which it is changes with every delay. So delivery is held to its own: with programs that are
// sensible (their numbers may slow a connection down, not stop it), over all connections whose applications
// neither stop reading nor close before all is written, and with ten minutes more for both, hooked sockets
// leave no more of them than plain ones, but for what is chance.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

#include "../../seed.hpp"
#include "random_child.hpp"
#include "random_program.hpp"

namespace {

using namespace test;
using std::chrono::steady_clock;

struct found {
	unsigned seeds = 0, crashes = 0, spared = 0, out_of_order = 0, connections = 0, late = 0, late_plain = 0;
	std::uint64_t calls = 0;
	std::string words;
};

child_end run_chance(const scenario& what, temper how, std::uint32_t seconds) {
	return run_in_child([&] {
		std::uint64_t calls = 0;
		const auto hook = [&](ns3::SockOpsHelper& helper, const ns3::NodeContainer& nodes) {
			helper.Attach(nodes, "/all", chance_program(3 * what.seed + 1, how, calls));
		};
		outcome seen = run(what, hook, seconds);
		seen.calls = calls;
		return seen;
	});
}

bool delivers(const connection_plan& plan, const side_end* sides) {
	for (const unsigned side : {0u, 1u})
		if (sides[side].written != plan.sides[side].bytes ||
			sides[1 - side].received != plan.sides[side].bytes)
			return false;
	return true;
}

void look_at_order(const scenario& what, const outcome& hooked, found& all) {
	for (std::size_t i = 0; i != hooked.sides.size(); ++i) {
		const side_end &reader = hooked.sides[i], &writer = hooked.sides[i ^ 1];
		if (reader.wrong_at == side_end::none && reader.received <= writer.written)
			continue;
		++all.out_of_order;
		all.words += in_words(what) + "\n  connection " + std::to_string(i / 2) + ": byte " +
					 std::to_string(reader.wrong_at) + " is another, or was never written\n";
	}
}

void look_at_delivery(const scenario& what, const outcome& plain, const outcome& hooked, found& all) {
	for (std::size_t i = 0; i != what.connections.size(); ++i) {
		const connection_plan& plan = what.connections[i];
		if (!plan.gentle() || plan.crossed || plain.sides[2 * i].connected_ns < 0)
			continue;
		++all.connections;
		all.late_plain += !delivers(plan, &plain.sides[2 * i]);
		all.late += !delivers(plan, &hooked.sides[2 * i]);
	}
}

void try_seed(std::uint64_t seed, temper how, found& all) {
	constexpr std::uint32_t more_seconds = 600;
	const scenario what = draw_scenario(seed);
	const bool sensible = how == temper::sensible;
	const std::uint32_t seconds = sensible ? what.seconds + more_seconds : what.seconds;
	const child_end hooked = run_chance(what, how, seconds);
	const child_end plain = run_in_child([&] { return run(what, {}, seconds); });
	++all.seeds;
	all.calls += hooked.seen.calls;
	if (!hooked.fine()) {
		++all.crashes;
		all.words += in_words(what) + "\n  " + hooked.in_words() +
					 " (plain ns-3: " + (plain.fine() ? "fine" : plain.in_words()) +
					 "); the last that programs did:\n" + hooked.last_words;
		return;
	}
	all.spared += !plain.fine();
	look_at_order(what, hooked.seen, all);
	if (sensible && plain.fine())
		look_at_delivery(what, plain.seen, hooked.seen, all);
}

/// Half of 400 seeds, or as many as the suite has time for.
void try_all(const char* name, temper how, found& all) {
	constexpr unsigned wanted = 200, least = 10;
	constexpr auto time_in_the_suite = std::chrono::milliseconds(2500);
	const std::uint64_t first = seed_of_run();
	const auto start = steady_clock::now();
	const auto goes_on = [&] { return all_of_it() || steady_clock::now() - start < time_in_the_suite; };
	for (std::uint64_t seed = first; all.seeds < least || (all.seeds < wanted && goes_on()); ++seed)
		try_seed(seed, how, all);
	std::printf("%sns3 replies, %s: seeds=%u calls=%llu crashes=%u out_of_order=%u\n", all.words.c_str(),
				name, all.seeds, static_cast<unsigned long long>(all.calls), all.crashes, all.out_of_order);
	std::printf("crashes of plain ns-3 that hooked sockets were spared: %u\n", all.spared);
	EXPECT_EQ(all.crashes, 0u);
	EXPECT_EQ(all.out_of_order, 0u);
}

} // namespace

TEST(replies, sensible_ones_crash_nothing_and_as_much_arrives_as_without_them) {
	found all;
	try_all("sensible", temper::sensible, all);
	std::printf("connections=%u not_delivered=%u, by plain ns-3 %u\n", all.connections, all.late,
				all.late_plain);
	EXPECT_GT(all.connections, 10u);
	EXPECT_LE(all.late, all.late_plain + 3 * std::sqrt(all.late_plain + 1));
}

TEST(replies, senseless_ones_crash_nothing_and_no_byte_is_out_of_order) {
	found all;
	try_all("senseless", temper::senseless, all);
}

/// A congestion control that is chosen in the middle of a handshake, a window of 0 under pacing, a probe of a
/// window when nothing is left to send.
TEST(replies, seeds_that_have_crashed_once_do_not) {
	for (const std::uint64_t seed : {324u, 396u, 702u, 1709u, 2446u}) {
		const scenario what = draw_scenario(seed);
		const child_end hooked = run_chance(what, temper::senseless, what.seconds);
		EXPECT_TRUE(hooked.fine()) << in_words(what) << "\n  " << hooked.in_words() << "\n"
								   << hooked.last_words;
	}
}

TEST(replies, a_run_that_crashes_is_seen) {
	const child_end end = run_in_child([]() -> outcome {
		note("the last words");
		std::abort();
	});
	EXPECT_FALSE(end.fine());
	EXPECT_EQ(end.last_words, "  the last words\n");
}
