// SPDX-License-Identifier: MIT
// What readers may still look at is freed after a grace period (sync/rcu.hpp, which says who may call): a
// head in it, and the call that queues it.
//
// Context: any thread, inside programs and callbacks too; not from a signal handler.
#pragma once

#include <sockops/kern/types.hpp>

namespace sockops {

/// Embedded in whatever call_rcu() is to free. Zero until queued; queued at most once.
struct rcu_head {
	rcu_head* next = nullptr;
	void (*func)(rcu_head*) = nullptr;
	u64 grace_period = 0; ///< the one that must end first
};

/// Runs func(head) after a grace period, in a later writer call of some thread (not always the next:
/// a grace period is begun for every sixteenth such call, or for a queue of 64); at once if the caller
/// is outside and no other thread is registered. Never waits. func may call call_rcu().
/// The queue is meant to stay short: past `rcu_queue_bound` heads a warning names the reason once.
void call_rcu(rcu_head* head, void (*func)(rcu_head*)) noexcept;

} // namespace sockops
