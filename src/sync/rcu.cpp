// SPDX-License-Identifier: MIT
// The writers' side: waiting for grace periods, and queueing callbacks for after them.

#include <atomic>
#include <cerrno>
#include <ctime>
#include <mutex>
#include <utility>

#include <sched.h>

#include <sockops/kern/check.hpp>

#include "rcu_queue.hpp"
#include "rcu_state.hpp"

namespace sockops {

using detail::callback_queue;
using detail::rcu_state;
using detail::state;

namespace {

void report_denied(const char* call) noexcept {
	internal_error(call, "membarrier(2) worked when the first section began and is denied now: no "
						 "grace period can end, nothing more is freed, and nobody is waited for. Call "
						 "rcu_use_fences() before the first section in a process that gives up system calls");
}

/// Reports the denial the first time it is met.
void check_denied(const char* call) noexcept {
	static std::atomic<bool> reported{false};
	if (state().mode == rcu_mode::denied && !reported.exchange(true, std::memory_order_relaxed))
		report_denied(call);
}

void pause(unsigned round) noexcept {
	constexpr timespec nap{0, 50'000};
	if (round < 64)
		sched_yield();
	else
		nanosleep(&nap, nullptr);
}

} // namespace

namespace {

/// Advances, and runs what is ready.
std::size_t step(bool at_once) noexcept {
	rcu_state& rcu = state();
	if (rcu_read_lock_held() || !rcu.has_queued.load(std::memory_order_relaxed))
		return 0;
	std::unique_lock held(rcu.lock);
	rcu.advance(at_once);
	if (rcu.invoker)
		return 0;
	callback_queue ready = rcu.queue.take_ready(rcu.completed);
	rcu.has_queued.store(!rcu.queue.empty(), std::memory_order_relaxed);
	const std::size_t count = ready.size();
	if (count != 0) {
		rcu.invoker = &current_thread;
		rcu.invoking = count;
		held.unlock();
		while (!ready.empty()) {
			rcu_head* head = ready.pop();
			std::exchange(head->func, nullptr)(head); // it may be queued again
		}
		held.lock();
		rcu.invoker = nullptr;
		rcu.invoking = 0;
		rcu.finished_ever += count;
	}
	held.unlock();
	check_denied("rcu_poll");
	return count;
}

} // namespace

std::size_t rcu_poll() noexcept { return step(true); }
std::size_t detail::rcu_catch_up() noexcept { return step(false); }

namespace detail {

void rcu_queue(rcu_head* head, void (*func)(rcu_head*)) noexcept {
	rcu_state& rcu = state();
	{
		std::lock_guard held(rcu.lock);
		if (!head->func) {
			head->func = func;
			head->grace_period = rcu.next_grace_period();
			rcu.queue.push(head);
			rcu.has_queued.store(true, std::memory_order_relaxed);
			++rcu.queued_ever;
			return;
		}
	}
	illegal_use("call_rcu", "the head at %p is queued already; ignored", static_cast<void*>(head));
}

bool rcu_alone() noexcept {
	if (rcu_read_lock_held())
		return false;
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	return !rcu.threads.has_other_than(current_thread);
}

void rcu_run_if_alone() noexcept {
	rcu_state& rcu = state();
	if (!rcu.has_queued.load(std::memory_order_relaxed))
		return;
	bool advance = false;
	bool report_bound = false;
	{
		std::lock_guard held(rcu.lock);
		advance = !rcu.threads.has_other_than(current_thread) || rcu.queue.size() > rcu_short_queue;
		report_bound = rcu.queue.size() > rcu_queue_bound && !std::exchange(rcu.bound_reported, true);
	}
	warn_on_once(report_bound, "call_rcu: the queue is past its bound; a reader has stayed inside a "
							   "section, or nobody calls rcu_poll() or rcu_barrier() outside one");
	if (advance)
		rcu_poll();
}

} // namespace detail

void call_rcu(rcu_head* head, void (*func)(rcu_head*)) noexcept {
	const detail::writer_call around;
	detail::rcu_queue(head, func);
}

void synchronize_rcu() noexcept {
	if (rcu_read_lock_held())
		return illegal_use("synchronize_rcu", "called inside a read-side section (or with preemption "
											  "disabled), which it would wait for: leave it first");
	rcu_state& rcu = state();
	std::unique_lock held(rcu.lock);
	const u64 target = rcu.next_grace_period();
	for (unsigned round = 0;; ++round) {
		rcu.advance(true);
		if (rcu.completed >= target)
			break;
		if (rcu.mode == rcu_mode::denied) {
			held.unlock();
			return report_denied("synchronize_rcu");
		}
		held.unlock();
		pause(round);
		held.lock();
	}
	held.unlock();
	rcu_poll();
}

void rcu_barrier() noexcept {
	if (rcu_read_lock_held())
		return illegal_use("rcu_barrier", "called inside a read-side section (or with preemption "
										  "disabled), which it would wait for: leave it first");
	rcu_state& rcu = state();
	std::unique_lock held(rcu.lock);
	if (rcu.invoker == &current_thread) {
		held.unlock();
		return illegal_use("rcu_barrier", "called from inside an RCU callback, which it would wait for");
	}
	const u64 target = rcu.queued_ever;
	for (unsigned round = 0; rcu.finished_ever < target; ++round) {
		const bool denied = rcu.mode == rcu_mode::denied;
		held.unlock();
		if (denied)
			return report_denied("rcu_barrier");
		if (rcu_poll() == 0)
			pause(round);
		held.lock();
	}
}

std::size_t rcu_pending() noexcept {
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	return rcu.queue.size() + rcu.invoking;
}

rcu_mode rcu_current_mode() noexcept { return state().mode; }

int rcu_use_fences() noexcept {
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	if (rcu.mode != rcu_mode::undecided)
		return rcu.mode == rcu_mode::fence ? 0 : -EBUSY;
	rcu.mode = rcu_mode::fence;
	return 0;
}

} // namespace sockops
