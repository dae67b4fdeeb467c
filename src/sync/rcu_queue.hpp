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
/// more than a short queue has gathered; warns past the bound.
void rcu_run_if_alone() noexcept;
inline constexpr std::size_t rcu_short_queue = 64;

/// What each writer call does first, with no lock held: ends a grace period in progress and runs what
/// is ready; begins another one only for more than a short queue, or after this many such calls, so
/// that a call seldom pays for a membarrier. Returns how many callbacks it ran.
std::size_t rcu_catch_up() noexcept;
inline constexpr unsigned rcu_put_off = 16;

/// Around a writer's call, as its first local: advances the queue before, and after all else in the
/// call has been let go.
struct writer_call {
	writer_call() noexcept { rcu_catch_up(); }
	~writer_call() { rcu_run_if_alone(); }
	writer_call(const writer_call&) = delete;
	writer_call& operator=(const writer_call&) = delete;
};

} // namespace sockops::detail
