// SPDX-License-Identifier: MIT
// The steps of a grace period, one of which can be wrong. To be included before the source that goes by them.
#pragma once

#include <linux/membarrier.h>

#include <sync/grace_period_rules.hpp>

#include "rcu.hpp"

namespace sockops::detail {

template <>
struct grace_period_rules<void> : grace_period_rules<struct right_ones> {
	using right = grace_period_rules<right_ones>;
	using mutant = mutants::rcu_mutant;

	static bool membarrier(int command) noexcept {
		const bool left_out = command == MEMBARRIER_CMD_PRIVATE_EXPEDITED && is(mutant::no_membarrier);
		return left_out || right::membarrier(command);
	}
	static bool is_over(std::size_t holders) noexcept {
		return right::is_over(holders) || is(mutant::early_free);
	}
};

} // namespace sockops::detail
