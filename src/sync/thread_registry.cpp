// SPDX-License-Identifier: MIT
// Which threads there are, and the slow ways into and out of a section.
//
// A thread registers with its first section and unregisters in its exit hook. From then on it
// registers for each outermost section anew, under the lock all through its enter and its leave.

#include <mutex>

#include <sockops/kern/check.hpp>
#include <sockops/sync/preempt.hpp>

#include "rcu_state.hpp"

namespace sockops {

constinit thread_local thread_state current_thread;

using detail::full_fence;
using detail::rcu_state;
using detail::state;

namespace {

constexpr u64 depth_fields = thread_word::reader_fields | thread_word::migrate_field;

/// Has exit_by_key() called in the thread's last destructors, or (nullptr) not.
void watch_exit(rcu_state& rcu, thread_state* self) noexcept {
	if (rcu.has_exit_key)
		pthread_setspecific(rcu.exit_key, self);
}

void thread_exits(thread_state& self) noexcept {
	const u64 word = self.word.load(std::memory_order_relaxed);
	if (word & depth_fields)
		illegal_use("thread exit",
					"the thread ends with preempt depth %u, rcu depth %u, migrate depth %u: leave "
					"every section first; they are left now",
					thread_word::depth(word, thread_word::one_preempt),
					thread_word::depth(word, thread_word::one_rcu),
					thread_word::depth(word, thread_word::one_migrate));
	self.exiting = true;
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	// A: release, as any leave.
	self.word.store((word & ~depth_fields) | thread_word::slow, std::memory_order_release);
	rcu.remove(self);
	watch_exit(rcu, nullptr);
}

/// Apart from thread_state, which must have no destructor.
struct exit_hook {
	void arm() const noexcept {}
	~exit_hook() { thread_exits(current_thread); }
};
thread_local exit_hook at_thread_exit;

void register_thread(thread_state& self) noexcept {
	at_thread_exit.arm();
	rcu_state& rcu = state();
	watch_exit(rcu, &self);
	std::lock_guard held(rcu.lock);
	rcu.decide_mode();
	self.holds_grace_period = false;
	rcu.threads.add(self);
	if (rcu.mode != rcu_mode::fence)
		self.word.fetch_and(~thread_word::slow, std::memory_order_relaxed);
}

void enter_word(thread_state& self, u64 delta) noexcept {
	const u64 inside = self.word.load(std::memory_order_relaxed) + delta;
	self.word.store(inside, std::memory_order_release); // A: as in section_enter.
	if (inside & thread_word::slow)
		full_fence();
}

void leave_word(thread_state& self, u64 delta) noexcept {
	const u64 word = self.word.load(std::memory_order_relaxed);
	// A: release, as in section_leave.
	self.word.store(thread_word::after_leaving(word, delta), std::memory_order_release);
}

void enter_exiting(thread_state& self, u64 delta) noexcept {
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	if (!self.registered) {
		self.holds_grace_period = false;
		rcu.threads.add(self);
		watch_exit(rcu, &self); // the last look at it, should the section never be left
	}
	enter_word(self, delta);
}

void leave_exiting(thread_state& self, u64 delta) noexcept {
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	leave_word(self, delta);
	if (!(self.word.load(std::memory_order_relaxed) & depth_fields)) {
		rcu.remove(self);
		watch_exit(rcu, nullptr);
	}
}

void leave_slow(thread_state& self, u64 delta) noexcept {
	if (self.exiting)
		leave_exiting(self, delta);
	else
		leave_word(self, delta);
}

/// `delta` without the fields that are full already.
u64 countable(u64 word, u64 delta) noexcept {
	for (const u64 one : {thread_word::one_preempt, thread_word::one_rcu, thread_word::one_migrate})
		if ((delta & one) && thread_word::depth(word, one) == thread_word::depth_mask)
			delta -= one;
	return delta;
}

// Marks what section_enter_slow returns where section_leave could not end the section by itself, so
// that it comes to section_leave_slow. No word has these bits.
constexpr u64 late = u64{1} << 31;                                 ///< with the word: an exiting thread
constexpr u64 counted_only = late | thread_word::one_migrate << 9; ///< with what was counted: overflow

/// A program that left a lock held, or took one away that it did not take.
void report_changed_nesting(u64 found, u64 inside) noexcept {
	illegal_use(
		"bpf_prog_run_array",
		"a program changed the nesting it ran in and did not change it back: preempt depth %u "
		"(was %u), rcu depth %u (was %u), migrate depth %u (was %u); put right",
		thread_word::depth(found, thread_word::one_preempt),
		thread_word::depth(inside, thread_word::one_preempt), thread_word::depth(found, thread_word::one_rcu),
		thread_word::depth(inside, thread_word::one_rcu), thread_word::depth(found, thread_word::one_migrate),
		thread_word::depth(inside, thread_word::one_migrate));
}

/// Of an exiting thread, whose word was `inside` in the section.
void leave_late(thread_state& self, u64 inside, u64 delta) noexcept {
	const u64 found = self.word.load(std::memory_order_relaxed);
	if ((found ^ inside) & depth_fields) {
		report_changed_nesting(found, inside);
		self.word.store((found & ~depth_fields) | (inside & depth_fields), std::memory_order_release); // A
	}
	leave_exiting(self, delta);
}

} // namespace

/// For a thread whose first section is in a destructor of a pthread key: those run after all
/// thread_local ones, too late for the hook. Else the hook has been here before and cleared the key.
void detail::exit_by_key(void*) noexcept { thread_exits(current_thread); }

u64 section_enter_slow(u64 delta) noexcept {
	thread_state& self = current_thread;
	const u64 counted = countable(self.word.load(std::memory_order_relaxed), delta);
	if (counted != delta)
		illegal_use("preempt_disable, rcu_read_lock or migrate_disable",
					"nested more than %u deep: an unlock is missing somewhere; not counted",
					static_cast<unsigned>(thread_word::depth_mask));
	if (self.exiting)
		enter_exiting(self, counted);
	else {
		if (!self.registered)
			register_thread(self);
		enter_word(self, counted);
	}
	if (counted != delta)
		return counted | counted_only;
	return self.word.load(std::memory_order_relaxed) | (self.exiting ? late : 0);
}

void section_leave_slow(u64 inside, u64 delta) noexcept {
	thread_state& self = current_thread;
	if ((inside & counted_only) == counted_only)
		return leave_slow(self, inside & ~counted_only);
	if (inside & late)
		return leave_late(self, inside & ~late, delta);
	report_changed_nesting(self.word.load(std::memory_order_relaxed), inside);
	// A: release, as in section_leave.
	self.word.store(thread_word::after_leaving(inside, delta), std::memory_order_release);
}

bool nesting_leave_slow(u64 one, const char* call) noexcept {
	thread_state& self = current_thread;
	if (thread_word::depth(self.word.load(std::memory_order_relaxed), one) == 0) {
		illegal_use(call, "this thread has nothing of that kind open; nothing changes");
		return false;
	}
	leave_slow(self, one);
	return true;
}

void preempt_check_resched() noexcept {
	thread_state& self = current_thread;
	if (preempt_count() != 0 || !self.need_resched.load(std::memory_order_relaxed))
		return;
	self.need_resched.store(false, std::memory_order_relaxed);
	if (self.sched)
		self.sched->schedule();
}

} // namespace sockops
