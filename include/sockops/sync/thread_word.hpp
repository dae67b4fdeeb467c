// SPDX-License-Identifier: MIT
// One word a thread: what it has disabled, and how often it has been inside.
//
//   63            32  31   30   29        20 19        10 9          0
//  +----------------+----+------+-----------+------------+------------+
//  | finished       | 0  | slow | migrate   | rcu read   | preempt    |
//  +----------------+----+------+-----------+------------+------------+
//
//  preempt, rcu, migrate   nesting depth, 9 bits each; the tenth bit is a guard that a carry sets
//  slow                    this thread is not registered yet, or entering needs a fence: set in
//                          both cases, so that one test finds them together with the guards
//  finished                outermost sections left so far; it tells a reader that stays from one
//                          that comes and goes. It may wrap and, under a signal, step back by one:
//                          a writer then waits for a section too many, never for one too few.
//
// Only the owning thread stores to its word; a grace period reads it. That is why the read side
// needs no atomic read-modify-write. What orders the two sides is said in src/sync/grace_period.cpp.
//
// Context: of the functions: anywhere, they compute with a word that they are given.
#pragma once

#include <atomic>

#include <sockops/kern/types.hpp>

namespace sockops {

struct scheduler;

namespace thread_word {

inline constexpr u64 one_preempt = u64{1} << 0;
inline constexpr u64 one_rcu = u64{1} << 10;
inline constexpr u64 one_migrate = u64{1} << 20;
inline constexpr u64 slow = u64{1} << 30;
inline constexpr u64 one_finished = u64{1} << 32;

inline constexpr u64 depth_mask = 0x1ff;
inline constexpr u64 preempt_field = depth_mask * one_preempt;
inline constexpr u64 rcu_field = depth_mask * one_rcu;
inline constexpr u64 migrate_field = depth_mask * one_migrate;

/// What makes a thread a reader. Since 4.20 a preempt-disabled region is an RCU reader; being
/// pinned to a CPU is not.
inline constexpr u64 reader_fields = preempt_field | rcu_field;
inline constexpr u64 guard_bits = (depth_mask + 1) * (one_preempt | one_rcu | one_migrate);
inline constexpr u64 stop_bits = guard_bits | slow;

/// Is a thread whose word this is an RCU reader?
constexpr bool is_reader(u64 word) noexcept { return (word & reader_fields) != 0; }
/// How many outermost sections it has left, modulo 2^32.
constexpr u32 finished(u64 word) noexcept { return static_cast<u32>(word >> 32); }
/// How deep it is in one_preempt, one_rcu or one_migrate, which `one` is.
constexpr unsigned depth(u64 word, u64 one) noexcept {
	return static_cast<unsigned>(word / one & depth_mask);
}

/// The word after leaving a section: counted as finished if it was the outermost.
constexpr u64 after_leaving(u64 inside, u64 delta) noexcept {
	const u64 outside = inside - delta;
	return outside + ((delta & reader_fields) != 0 && !is_reader(outside) ? one_finished : 0);
}

} // namespace thread_word

/// All that the library keeps for a thread. Constant-initialised and trivially destructible, so
/// that reaching it costs one %fs-relative access and no guard.
struct thread_state {
	std::atomic<u64> word{thread_word::slow};
	std::atomic<bool> need_resched{false}; ///< TIF_NEED_RESCHED of the task on this thread
	scheduler* sched = nullptr;            ///< entered by preempt_enable(); none: never

	// The registry's, under its lock (src/sync/rcu_state.hpp).
	thread_state* registry_prev = nullptr;
	thread_state* registry_next = nullptr;
	bool registered = false;
	bool exiting = false; ///< the exit hook has run: sections register one at a time
	bool holds_grace_period = false;
	u32 held_since = 0; ///< `finished` when the grace period began
};

// initial-exec: shared objects reach it without __tls_get_addr. Default visibility: one for the
// process, whichever shared object asks.
[[gnu::tls_model("initial-exec"),
  gnu::visibility("default")]] extern constinit thread_local thread_state current_thread;

} // namespace sockops
