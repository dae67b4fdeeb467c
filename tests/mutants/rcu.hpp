// SPDX-License-Identifier: MIT
// Grace periods that are wrong in one way, for tests that show that they would notice.
#pragma once

#include <atomic>

namespace mutants {

enum class rcu_mutant {
	none,
	no_membarrier, ///< the scan reads words that are still in other processors' store buffers
	early_free,    ///< a grace period ends as soon as it begins
};

inline constinit std::atomic<rcu_mutant> the_rcu_mutant{rcu_mutant::none};

inline bool is(rcu_mutant which) noexcept { return the_rcu_mutant.load(std::memory_order_relaxed) == which; }

/// For as long as this lives, from the next grace period on.
class with_rcu_mutant {
  public:
	explicit with_rcu_mutant(rcu_mutant which) noexcept { the_rcu_mutant = which; }
	~with_rcu_mutant() { the_rcu_mutant = rcu_mutant::none; }
	with_rcu_mutant(const with_rcu_mutant&) = delete;
	with_rcu_mutant& operator=(const with_rcu_mutant&) = delete;
};

} // namespace mutants
