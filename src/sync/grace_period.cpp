// SPDX-License-Identifier: MIT
// Grace periods: how a writer knows that every reader which could see the old pointer has left.
//
// Why a reader is never missed. A writer unpublishes (store P), makes every running thread of the
// process pass a full barrier, and then scans the words (load W). A reader enters (store W) and
// then loads P, in program order. Somewhere in the reader's instructions stands that barrier:
//   - if the enter came before it, the scan sees the reader inside and waits for it;
//   - if the enter came after it, so did the load of P, which therefore finds the new value.
// In fence mode the reader executes the barrier itself, between its two accesses, and the writer
// one between its own: the same argument with two fences.
//
// Why a word is enough to wait for. A section that held the grace period back has ended when the
// word shows no reader, or another count of finished sections; the acquire poll (A) then also sees
// all that the section did, whichever later store of that thread it happens to read.

#include <cerrno>
#include <utility>

#include <linux/membarrier.h>

#include "grace_period_rules.hpp"
#include "rcu_queue.hpp"
#include "rcu_state.hpp"

namespace sockops {

namespace detail {

namespace {

using gp_rules = grace_period_rules<>;

} // namespace

void full_fence() noexcept {
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan" // ThreadSanitizer ignores fences; nothing here needs it to
#endif
	// C: seq_cst, pairs with the other side's: a reader's enter with a writer's scan.
	std::atomic_thread_fence(std::memory_order_seq_cst);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
}

void rcu_state::decide_mode() noexcept {
	if (mode == rcu_mode::undecided)
		mode = gp_rules::membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) ? rcu_mode::membarrier
																			   : rcu_mode::fence;
}

/// The barrier between unpublishing and the scan. False: denied, and nothing may be freed.
bool rcu_state::order_with_readers() noexcept {
	if (mode == rcu_mode::denied)
		return false;
	if (mode != rcu_mode::membarrier || !threads.has_other_than(current_thread)) {
		full_fence();
		return true;
	}
	if (gp_rules::membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
		return true;
	if (errno != ENOMEM) // without memory: tried again at the next step
		mode = rcu_mode::denied;
	return false;
}

void rcu_state::begin() noexcept {
	if (!order_with_readers())
		return;
	++started;
	holders = 0;
	threads.for_each([&](thread_state& thread) {
		const u64 word = thread.word.load(std::memory_order_acquire); // A
		thread.holds_grace_period = thread_word::is_reader(word);
		thread.held_since = thread_word::finished(word);
		holders += thread.holds_grace_period;
	});
	if (gp_rules::is_over(holders))
		completed = started;
}

void rcu_state::release_holder(thread_state& thread) noexcept {
	holders -= std::exchange(thread.holds_grace_period, false);
	if (gp_rules::is_over(holders))
		completed = started;
}

/// The thread is outside every section, or will never leave the one it is in.
void rcu_state::remove(thread_state& thread) noexcept {
	if (!thread.registered)
		return;
	release_holder(thread);
	threads.remove(thread);
}

void rcu_state::poll() noexcept {
	threads.for_each([&](thread_state& thread) {
		if (!thread.holds_grace_period)
			return;
		const u64 word = thread.word.load(std::memory_order_acquire); // A
		if (!thread_word::is_reader(word) || thread_word::finished(word) != thread.held_since)
			release_holder(thread);
	});
}

/// One step without waiting: ends the grace period in progress, begins the next one wanted; that,
/// a membarrier, unless `at_once`, not before enough has gathered or enough calls have gone by.
void rcu_state::advance(bool at_once) noexcept {
	if (in_progress())
		poll();
	if (in_progress() || wanted <= completed)
		return;
	if (at_once || queue.size() > rcu_short_queue || ++put_off >= rcu_put_off) {
		put_off = 0;
		begin();
	}
}

namespace {

void fork_prepare() noexcept { state().lock.lock(); }
void fork_parent() noexcept { state().lock.unlock(); }
void fork_child() noexcept {
	rcu_state& rcu = state();
	thread_state& self = current_thread;
	rcu.threads.for_each([&](thread_state& thread) {
		if (&thread != &self)
			rcu.release_holder(thread);
	});
	rcu.threads.keep_only(self);
	if (rcu.invoker && rcu.invoker != &self) { // its batch stayed behind in the parent
		rcu.invoker = nullptr;
		rcu.finished_ever += std::exchange(rcu.invoking, 0);
	}
	if (rcu.mode == rcu_mode::membarrier)
		gp_rules::membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	rcu.lock.unlock();
}

} // namespace

rcu_state& state() noexcept {
	static rcu_state* const rcu = [] {
		pthread_atfork(fork_prepare, fork_parent, fork_child);
		auto* made = new rcu_state;
		made->has_exit_key = pthread_key_create(&made->exit_key, exit_by_key) == 0;
		return made;
	}();
	return *rcu;
}

} // namespace detail

} // namespace sockops
