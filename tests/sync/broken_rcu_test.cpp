// SPDX-License-Identifier: MIT
// The stress over recycled programs against what ships, and against a run policy that leaves its section
// before the array is walked.

#include <gtest/gtest.h>

#include "recycled.hpp"

namespace {

using namespace sync_test;

/// Leaves the section that it should hold: the wrong unlock.
struct policy_that_unlocks_early : run_policy_4_19 {
	struct section {
		section() noexcept { preempt_no_resched_section left_at_once; }
	};
};

TEST(broken_rcu, the_real_one_calls_no_dead_program) {
	EXPECT_EQ(run_stress<run_policy_4_19>(stress_time(1500)), 0);
	EXPECT_EQ(run_stress<run_policy_6_1>(stress_time(1000)), 0);
}

TEST(broken_rcu, a_section_that_is_left_before_the_walk_is_caught) {
	EXPECT_GT(run_stress<policy_that_unlocks_early>(until_caught), 0);
}

} // namespace
