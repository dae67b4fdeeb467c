// SPDX-License-Identifier: MIT
// The litmus against the grace period that ships.

#include <gtest/gtest.h>

#include "litmus.hpp"

namespace {

using namespace sync_test;

TEST(litmus, no_reader_is_missed) {
	litmus real;
	EXPECT_EQ(real.run(stress_time(2000)), 0);
	EXPECT_GT(real.rounds.load(), 0);
	EXPECT_GT(real.switches.load(), 0);
}

TEST(litmus, no_reader_is_missed_in_fence_mode) {
	if (rcu_use_fences() != 0)
		GTEST_SKIP() << "needs a process of its own: a section has been entered already";
	litmus real;
	EXPECT_EQ(real.run(stress_time(2000)), 0);
	EXPECT_EQ(rcu_current_mode(), rcu_mode::fence);
	EXPECT_GT(real.switches.load(), 0);
}

} // namespace
