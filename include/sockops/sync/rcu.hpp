// SPDX-License-Identifier: MIT
// Read-copy-update: readers that never wait, writers that wait for them or queue.
//
// The read side is one release store to a word of the thread's own; no fence, no shared write, no
// global load. A grace period makes every running thread pass a barrier (membarrier(2)), then
// waits for the words of those that are inside. Where the kernel denies membarrier, chosen before
// the process's first section, readers fence for themselves instead ("fence mode").
//
// There is no thread behind this. Callbacks run in calls of the writers: call_rcu() and
// rcu_poll() advance the queue without waiting, synchronize_rcu() and rcu_barrier() by waiting;
// always on the calling thread, never inside a read-side section, and with no lock held. A
// process that stops calling these leaves what is still queued unfreed.
//
// Context: by the table. Nothing waits but the two calls of its last column.
//
//   who may       | read side | call_rcu, rcu_poll | synchronize_rcu, rcu_barrier
//   any thread    | yes       | yes                | outside sections only
//   inside a prog | nests     | queues only        | illegal use
//   signal handler| yes, once the thread has been in a section before (a dispatch with nothing
//                 | attached is none; rcu_read_guard is) | no | no
//   after fork    | the child keeps the forking thread only; other threads' sections are gone
//   thread exit   | registers and unregisters by itself; destructors that run later may still read
#pragma once

#if defined(rcu_dereference) || defined(rcu_assign_pointer) || defined(rcu_read_lock)
#error "liburcu's macros rename what <sockops/sync/rcu.hpp> declares: include sockops before <urcu.h>"
#endif

#include <sockops/sync/rcu_head.hpp>
#include <sockops/sync/rcu_pointer.hpp>
#include <sockops/sync/section.hpp>

namespace sockops {

/// Nests up to 511 deep (deeper: illegal use, not counted). Never waits.
inline void rcu_read_lock() noexcept { nesting_enter(thread_word::one_rcu); }
/// Without rcu_read_lock(): illegal use, nothing changes.
inline void rcu_read_unlock() noexcept { nesting_leave(thread_word::one_rcu, "rcu_read_unlock"); }

/// Is this thread an RCU reader (which a preempt-disabled region is too)?
inline bool rcu_read_lock_held() noexcept {
	return thread_word::is_reader(current_thread.word.load(std::memory_order_relaxed));
}

/// The same for a scope.
using rcu_read_guard = section_guard<thread_word::one_rcu>;

/// Returns when every section that had begun before the call has ended. Inside a section: illegal
/// use, returns at once and nothing may be freed on the strength of it; nor may it in rcu_mode::denied,
/// which each call reports as an internal error.
void synchronize_rcu() noexcept;

/// Advances the queue without waiting; returns how many callbacks it ran. Inside a section, or
/// while another thread runs callbacks: 0.
std::size_t rcu_poll() noexcept;

/// Returns when every callback queued before the call has run. Inside a section or from inside a
/// callback: illegal use, returns at once. In rcu_mode::denied: internal error, returns at once.
void rcu_barrier() noexcept;

/// Heads queued and not yet run.
[[nodiscard]] std::size_t rcu_pending() noexcept;
inline constexpr std::size_t rcu_queue_bound = 65'536;

/// How readers are ordered with writers. `denied`: membarrier stopped working after it was chosen;
/// this has been reported, and nothing is freed any more.
enum class rcu_mode { undecided, membarrier, fence, denied };
/// The mode that was chosen; undecided before the process's first section.
[[nodiscard]] rcu_mode rcu_current_mode() noexcept;

/// Chooses fence mode. 0; -EBUSY once a section has been entered by any thread of the process.
[[nodiscard]] int rcu_use_fences() noexcept;

} // namespace sockops
