// SPDX-License-Identifier: MIT
// Programs that by chance reply, set options and congestion controls, and arm flags: none of it makes a
// simulation crash that plain ns-3 gets through, and what applications read is what was written, in order.
//
// All bytes must arrive where
//   the program is sensible: its numbers are such that they may slow a connection down, not stop it;
//   neither application stops reading, or closes before all is written;
//   the plain run delivers all of it in the scenario's time. The hooked one has ten minutes more.
#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>

#include "../seed.hpp"
#include "random_child.hpp"
#include "random_program.hpp"

namespace {

using namespace test;
using std::chrono::steady_clock;

struct found {
	unsigned seeds = 0, crashes = 0, spared = 0, out_of_order = 0, not_delivered = 0, delivered = 0;
	std::uint64_t calls = 0;
	std::string words;
};

child_end run_chance(const scenario& what, temper how, std::uint32_t seconds) {
	return run_in_child([&] {
		std::uint64_t calls = 0;
		const auto hook = [&](ns3::SockOpsHelper& helper, const ns3::NodeContainer& nodes) {
			helper.Attach(nodes, "/all", chance_program(what.seed, how, calls));
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
		const side_end* const now = &hooked.sides[2 * i];
		if (!plan.gentle() || !delivers(plan, &plain.sides[2 * i]))
			continue;
		++all.delivered;
		if (delivers(plan, now))
			continue;
		++all.not_delivered;
		char line[200];
		std::snprintf(
			line, sizeof line,
			"\n  connection %zu: of %u bytes %llu were written and %llu read, of %u back %llu and %llu\n", i,
			plan.sides[0].bytes, static_cast<unsigned long long>(now[0].written),
			static_cast<unsigned long long>(now[1].received), plan.sides[1].bytes,
			static_cast<unsigned long long>(now[1].written),
			static_cast<unsigned long long>(now[0].received));
		all.words += in_words(what) + line;
	}
}

void try_seed(std::uint64_t seed, temper how, found& all) {
	constexpr std::uint32_t more_seconds = 600;
	const scenario what = draw_scenario(seed);
	const bool sensible = how == temper::sensible;
	const child_end hooked = run_chance(what, how, sensible ? what.seconds + more_seconds : what.seconds);
	const child_end plain = run_in_child([&] { return run(what); });
	++all.seeds;
	all.calls += hooked.seen.calls;
	if (!hooked.fine()) {
		all.crashes += plain.fine();
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
	std::printf(
		"%sns3 replies, %s: seeds=%u calls=%llu crashes=%u out_of_order=%u connections=%u not_delivered=%u\n",
		all.words.c_str(), name, all.seeds, static_cast<unsigned long long>(all.calls), all.crashes,
		all.out_of_order, all.delivered, all.not_delivered);
	std::printf("crashes of plain ns-3 that hooked sockets were spared: %u\n", all.spared);
	EXPECT_EQ(all.crashes, 0u);
	EXPECT_EQ(all.out_of_order, 0u);
}

} // namespace

TEST(ns3_replies, sensible_ones_crash_nothing_and_all_bytes_arrive_in_order) {
	found all;
	try_all("sensible", temper::sensible, all);
	EXPECT_GT(all.delivered, 0u);
	EXPECT_EQ(all.not_delivered, 0u);
}

TEST(ns3_replies, senseless_ones_crash_nothing_and_no_byte_is_out_of_order) {
	found all;
	try_all("senseless", temper::senseless, all);
}

TEST(ns3_replies, a_run_that_crashes_is_seen) {
	const child_end end = run_in_child([]() -> outcome {
		note("the last words");
		std::abort();
	});
	EXPECT_FALSE(end.fine());
	EXPECT_EQ(end.last_words, "  the last words\n");
}
