// SPDX-License-Identifier: MIT
// That the comparison sees what differs, and masks no more than it is told to.
#include <gtest/gtest.h>

#include "outcome.hpp"

namespace {

using namespace three_ways;

const program_case plain{.name = "p", .entry = "p"};

TEST(three_ways_comparison, counts_each_line_once_and_those_that_differ) {
	const compared seen = compare(plain, "p", "one", {{"a", "1"}, {"b", "{x = 2}"}}, "other",
								  {{"a", "1"}, {"b", "{x = 3}"}, {"c", "4"}});
	EXPECT_EQ(seen.cases, 3u);
	EXPECT_EQ(seen.mismatches, 2u);
}

TEST(three_ways_comparison, a_mask_hides_its_member_alone) {
	program_case masked = plain;
	masked.masks = {{"time", "why"}};
	const outcome one = {{"a", "{time = 1, my_time = 5, in = {time = {2, 3}, n = 1}}"}};
	const outcome later = {{"a", "{time = 9, my_time = 5, in = {time = {8, 7}, n = 1}}"}};
	const outcome other = {{"a", "{time = 9, my_time = 6, in = {time = {8, 7}, n = 1}}"}};
	EXPECT_EQ(compare(masked, "p", "one", one, "other", later).mismatches, 0u);
	EXPECT_EQ(compare(masked, "p", "one", one, "other", other).mismatches, 1u);
	EXPECT_EQ(compare(plain, "p", "one", one, "other", later).mismatches, 1u);
}

TEST(three_ways_comparison, a_mask_with_a_place_holds_there_alone) {
	program_case masked = plain;
	masked.masks = {{"", "why", "IPv6: a"}};
	const compared there = compare(masked, "p, IPv6", "one", {{"a", "1"}}, "other", {{"a", "2"}});
	EXPECT_EQ(there.cases, 0u);
	EXPECT_EQ(compare(masked, "p, IPv4", "one", {{"a", "1"}}, "other", {{"a", "2"}}).mismatches, 1u);
}

TEST(three_ways_cases, every_mask_says_why) {
	for (const program_case& each : program_cases())
		for (const mask& one : each.masks)
			EXPECT_GT(one.why.size(), 20u) << each.name << ": " << one.member << " " << one.where;
}

} // namespace
