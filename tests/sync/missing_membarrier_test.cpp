// SPDX-License-Identifier: MIT
// The litmus against a grace period without its barrier.

#include <gtest/gtest.h>

#include "../mutants/rcu.hpp"
#include "litmus.hpp"

namespace {

using namespace sync_test;
using namespace mutants;

// Where the machine runs both threads on one processor there is nothing to see: a store buffer is
// drained at each switch.
TEST(litmus, a_missing_membarrier_is_caught) {
	if (std::thread::hardware_concurrency() < 2)
		GTEST_SKIP() << "one processor: stores of another thread are never under way";
	{ rcu_read_guard decides_the_mode; }
	if (rcu_current_mode() != rcu_mode::membarrier)
		GTEST_SKIP() << "no membarrier to leave out: the process is in fence mode";
	const with_rcu_mutant left_out(rcu_mutant::no_membarrier);
	litmus broken;
	EXPECT_GT(broken.run(std::chrono::seconds(30)), 0);
}

} // namespace
