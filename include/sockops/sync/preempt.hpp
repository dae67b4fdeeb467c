// SPDX-License-Identifier: MIT
// preempt_disable() and its ways back, migrate_disable(), and the scheduler they may enter.
//
// User space cannot switch preemption off, so this models what the calls mean rather than what
// they do to a processor: the depth is counted, and the leave that brings it to zero is (or, for
// the no_resched form, is not) a scheduling point for a scheduler that the program plugs in.
// A thread stands for one task. Without a scheduler nothing is ever switched.
//
// Context: any thread, about itself (set_need_resched(): about any), inside programs too. Nothing here
// waits but the scheduler that is plugged in. In a signal handler once the thread has been in a section
// before.
#pragma once

#include <sockops/sync/section.hpp>

namespace sockops {

/// Plugged in for each thread. schedule() is entered by preempt_enable() with the preempt depth
/// at 0 and need_resched already cleared; it returns when the task may go on.
struct scheduler {
	virtual void schedule() noexcept = 0;

  protected:
	~scheduler() = default;
};

/// Sets this thread's scheduler and returns the one before. nullptr: none. Not inside a section.
inline scheduler* set_scheduler(scheduler* sched) noexcept {
	scheduler* before = current_thread.sched;
	current_thread.sched = sched;
	return before;
}

/// set_tsk_need_resched(): a wake-up asks the task on `thread` to give way. Any thread.
inline void set_need_resched(thread_state& thread = current_thread) noexcept {
	thread.need_resched.store(true, std::memory_order_relaxed);
}
/// Has this thread's task been asked to give way, and not done so?
inline bool need_resched() noexcept { return current_thread.need_resched.load(std::memory_order_relaxed); }

/// How deep this thread is in preempt_disable(), 0 to 511; dispatches under run policies that hold it count.
inline unsigned preempt_count() noexcept {
	return thread_word::depth(current_thread.word.load(std::memory_order_relaxed), thread_word::one_preempt);
}

/// Nests up to 511 deep; deeper is an illegal use, and is not counted.
inline void preempt_disable() noexcept { nesting_enter(thread_word::one_preempt); }

/// Leaves without being a scheduling point: a wake-up stays pending until some later one.
/// Without a preempt_disable(): illegal use, nothing changes.
inline void preempt_enable_no_resched() noexcept {
	nesting_leave(thread_word::one_preempt, "preempt_enable_no_resched");
}

/// preempt_schedule(): gives way if a wake-up asked for it and the depth is 0.
void preempt_check_resched() noexcept;

/// Leaves and, at depth 0, is a scheduling point. Without a preempt_disable(): illegal use.
inline void preempt_enable() noexcept {
	if (nesting_leave(thread_word::one_preempt, "preempt_enable") && need_resched()) [[unlikely]]
		preempt_check_resched();
}

/// Since 5.7 dispatch pins the task to its CPU and leaves preemption on. Counted, nothing pinned; depths and
/// misuse as of preempt_disable().
inline void migrate_disable() noexcept { nesting_enter(thread_word::one_migrate); }
inline void migrate_enable() noexcept { nesting_leave(thread_word::one_migrate, "migrate_enable"); }

} // namespace sockops
