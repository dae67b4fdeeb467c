// SPDX-License-Identifier: MIT
// What RCU keeps for the process: one lock, the registry, the grace period, the queue.
// The lock is held for a scan or a membarrier, never while waiting and never while a callback runs.
#pragma once

#include <atomic>
#include <csignal>
#include <mutex>

#include <pthread.h>

#include <sockops/sync/rcu.hpp>

#include "callback_queue.hpp"
#include "thread_list.hpp"

namespace sockops::detail {

/// A full barrier on this thread.
void full_fence() noexcept;

/// Guards all of rcu_state. A thread whose exit hook has run takes it for each of its sections, so
/// signals, whose handlers may dispatch too, wait for as long as such a thread holds it.
class registry_lock {
  public:
	void lock() noexcept {
		if (current_thread.exiting) [[unlikely]]
			return lock_and_hold_signals();
		mutex_.lock();
	}
	void unlock() noexcept {
		if (current_thread.exiting) [[unlikely]]
			return unlock_and_let_signals_in();
		mutex_.unlock();
	}

  private:
	void lock_and_hold_signals() noexcept {
		sigset_t all, before;
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		mutex_.lock();
		signals_before_ = before;
	}
	void unlock_and_let_signals_in() noexcept {
		const sigset_t before = signals_before_;
		mutex_.unlock();
		pthread_sigmask(SIG_SETMASK, &before, nullptr);
	}

	std::mutex mutex_;
	sigset_t signals_before_{};
};

/// Everything below is under `lock`, unless it says otherwise.
struct rcu_state {
	registry_lock lock;
	std::atomic<rcu_mode> mode{rcu_mode::undecided};
	thread_list threads;

	// Grace periods are numbered. `started` runs while it is not equal to `completed`.
	u64 started = 0;
	u64 completed = 0;
	u64 wanted = 0;          ///< the highest that anybody waits for
	std::size_t holders = 0; ///< threads that hold back the one in progress

	callback_queue queue;
	unsigned put_off = 0;                  ///< writer calls since then that have not begun a grace period
	std::atomic<bool> has_queued{false};   ///< read without the lock: is there anything to advance?
	const thread_state* invoker = nullptr; ///< runs callbacks now, without the lock
	std::size_t invoking = 0;
	u64 queued_ever = 0;
	u64 finished_ever = 0;
	bool bound_reported = false;

	pthread_key_t exit_key{}; ///< never changes
	bool has_exit_key = false;

	bool in_progress() const noexcept { return started != completed; }

	/// The first grace period that begins after now.
	u64 next_grace_period() noexcept {
		wanted = std::max(wanted, started + 1);
		return started + 1;
	}

	void decide_mode() noexcept;
	bool order_with_readers() noexcept;
	void begin() noexcept;
	void poll() noexcept;
	void advance(bool at_once) noexcept;
	void release_holder(thread_state& thread) noexcept;
	void remove(thread_state& thread) noexcept;
};

/// Never destroyed: threads and static destructors outlive any order of destruction.
rcu_state& state() noexcept;

/// Of the thread registry: the destructor of rcu_state::exit_key.
void exit_by_key(void*) noexcept;

} // namespace sockops::detail
