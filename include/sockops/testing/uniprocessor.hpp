// SPDX-License-Identifier: MIT
// One CPU with strict priorities: a scheduler to plug into sync/preempt.hpp, so that what a
// scheduling point lets in, and what it does not, can be seen.
//
// A task is a thread that runs only while it holds the CPU. The CPU changes hands where a task
// ends, waits for a sleeping_lock, calls cond_resched(), or leaves preempt_enable() with a wake-up
// pending; never anywhere else. A woken task of higher priority than the running one asks for the
// CPU (need_resched) and gets it at the next such point.
//
// Context: spawn() and run() on the test's thread; all else from the running task, outside of sections.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include <sockops/kern/containers.hpp>
#include <sockops/sync/preempt.hpp>

namespace sockops::testing {

class uniprocessor final : scheduler {
  public:
	using task_id = std::size_t;

	/// A task, asleep until wake() or runnable at once. Before run(), or from a running task.
	task_id spawn(std::string name, int priority, bool runnable, std::function<void()> body);

	/// Runs until every task has ended. Returns "", or what went wrong: "high spins on a lock that low
	/// holds, …". A task that cannot go on is unwound by an exception, so that the rest can end.
	std::string run();

	// From the running task:

	/// Makes a task runnable; sets need_resched if it is more urgent than the caller.
	void wake(task_id which);
	/// A scheduling point.
	void cond_resched();
	/// The task that runs.
	[[nodiscard]] task_id current() const noexcept { return current_; }
	/// A task's name, as it was spawned.
	[[nodiscard]] const std::string& name(task_id which) const { return tasks_[which].name; }

  private:
	friend class spinning_lock;
	friend class sleeping_lock;
	struct cannot_go_on {};

	enum class task_state { asleep, runnable, ended };
	struct task {
		std::string name;
		int priority;
		task_state state;
		std::function<void()> body;
		std::thread thread;
	};
	static constexpr task_id nobody = ~task_id{0};

	void schedule() noexcept override;
	task_id most_urgent() const noexcept;
	void run_task(task_id self);
	void give_cpu(task_id self, std::unique_lock<std::mutex>& held);
	void sleep();
	void stuck(std::string why);

	mutable std::mutex lock_;
	std::condition_variable cpu_changed_;
	std::deque<task> tasks_;
	task_id current_ = nobody;
	bool all_asleep_ = false;
	std::string failure_;
};

/// A lock that is waited for by spinning, and does not raise the preempt count: the socket lock of
/// the deadlock that preempt_enable_no_resched() is meant to avoid. On one CPU its holder cannot
/// run while somebody more urgent spins: that is reported, and the spinner is unwound.
class spinning_lock {
  public:
	explicit spinning_lock(uniprocessor& cpu) noexcept : cpu_(cpu) {}
	/// Spins until it is free. Not by its holder.
	void lock();
	/// By its holder. No scheduling point.
	void unlock() noexcept { holder_ = uniprocessor::nobody; }

  private:
	uniprocessor& cpu_;
	uniprocessor::task_id holder_ = uniprocessor::nobody;
};

/// A lock that is waited for by giving the CPU away.
class sleeping_lock {
  public:
	explicit sleeping_lock(uniprocessor& cpu) noexcept : cpu_(cpu) {}
	/// Sleeps until it is free: a scheduling point. Not by its holder.
	void lock();
	/// Wakes the waiters; a scheduling point unless preemption is disabled.
	void unlock();

  private:
	uniprocessor& cpu_;
	uniprocessor::task_id holder_ = uniprocessor::nobody;
	std::deque<uniprocessor::task_id> waiters_;
};

} // namespace sockops::testing
