// SPDX-License-Identifier: MIT
// Breaks the grace period on purpose, so that tests can show that they would notice.
#pragma once

namespace sockops::testing {

enum class rcu_fault {
	none,
	no_membarrier,     ///< the scan reads words that are still in other processors' store buffers
	early_free,        ///< a grace period ends as soon as it begins
	membarrier_denied, ///< membarrier(2) answers EPERM, as under a sandbox that was entered late
};

/// Takes effect at the next grace period. Process-wide; not for use outside tests.
void set_rcu_fault(rcu_fault fault) noexcept;

} // namespace sockops::testing
