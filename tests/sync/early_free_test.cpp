// SPDX-License-Identifier: MIT
// The stress over recycled programs against a grace period that ends too early.

#include <gtest/gtest.h>

#include "../mutants/rcu.hpp"
#include "recycled.hpp"

namespace {

using namespace sync_test;
using namespace mutants;

TEST(broken_rcu, a_grace_period_that_ends_too_early_is_caught) {
	{
		const with_rcu_mutant broken(rcu_mutant::early_free);
		EXPECT_GT(run_stress<run_policy_4_19>(until_caught), 0);
	}
	EXPECT_EQ(run_stress<run_policy_4_19>(stress_time(500)), 0); // and no trace of it is left
}

} // namespace
