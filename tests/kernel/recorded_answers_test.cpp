// SPDX-License-Identifier: MIT
// What a live kernel answered (recorded/), held against the library: no privileges needed.
#include <gtest/gtest.h>

#include <cstdio>

#include "replay.hpp"

namespace {

using namespace kernel_diff;
using sockops::attach_rule;

void expect_same(const char* file, unsigned long at_least) {
	const replay_result result = replay_file(file);
	std::printf("recorded %s: cases=%lu mismatches=%lu\n", file, result.cases, result.mismatches);
	EXPECT_GE(result.cases, at_least);
	EXPECT_EQ(result.mismatches, 0u) << result.first;
}

TEST(recorded_answers, enumeration) { expect_same("enumeration.json", 2000); }
TEST(recorded_answers, random_sequences) { expect_same("random.json", 500); }
TEST(recorded_answers, scenarios) { expect_same("scenarios.json", 400); }

TEST(recorded_answers, hold_every_rule) {
	replay_result all = replay_file("enumeration.json");
	all.rules.merge(replay_file("random.json").rules);
	all.rules.merge(replay_file("scenarios.json").rules);
	for (int each = 0; each <= static_cast<int>(attach_rule::old_differs); ++each) {
		const auto rule = static_cast<attach_rule>(each);
		// What only the caller of a C++ function can get wrong, and a lack of memory.
		if (rule == attach_rule::no_program || rule == attach_rule::bad_type ||
			rule == attach_rule::replace_names_nothing || rule == attach_rule::no_memory)
			continue;
		EXPECT_TRUE(all.rules.count(rule))
			<< "no recorded answer by rule " << each << ": " << sockops::attach_error{rule}.message();
	}
}

} // namespace
