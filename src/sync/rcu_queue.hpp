// SPDX-License-Identifier: MIT
// call_rcu() in two halves, for writers that queue many heads under a lock of their own.
#pragma once

#include <sockops/sync/rcu.hpp>

namespace sockops::detail {

/// Queues; runs nothing. May be called with locks held. A head that is queued already: illegal use.
void rcu_queue(rcu_head* head, void (*func)(rcu_head*)) noexcept;

/// Is no other thread registered, and this one outside? Then what was unpublished before may be freed
/// at once: a thread that registers from now on finds the new pointers, by the registry's lock.
[[nodiscard]] bool rcu_alone() noexcept;

/// After queueing, with no lock held: runs what is ready if no other thread is registered, or if
/// more than this has gathered since the last writer that advanced the queue; warns past the bound.
void rcu_run_if_alone() noexcept;
inline constexpr std::size_t rcu_short_queue = 64;

} // namespace sockops::detail
