// SPDX-License-Identifier: MIT
// Grace periods, the registry of threads, and the queue of callbacks.
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
//
// One lock guards the registry, the grace period and the queue. It is held for a scan or a
// membarrier, never while waiting and never while a callback runs.

#include <sockops/sync/rcu.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <mutex>
#include <utility>

#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sockops/kern/check.hpp>
#include <sockops/sync/preempt.hpp>
#include <sockops/testing/rcu_faults.hpp>

#include "rcu_queue.hpp"

namespace sockops {

constinit thread_local thread_state current_thread;

namespace {

using testing::rcu_fault;
std::atomic<rcu_fault> injected_fault{rcu_fault::none};

bool fault_is(rcu_fault fault) noexcept { return injected_fault.load(std::memory_order_relaxed) == fault; }

/// A full barrier on this thread.
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

bool membarrier(int command) noexcept { return syscall(SYS_membarrier, command, 0, 0) == 0; }

/// Callbacks in the order of their grace periods.
class callback_queue {
  public:
	bool empty() const noexcept { return head_ == nullptr; }
	std::size_t size() const noexcept { return size_; }

	void push(rcu_head* head) noexcept {
		head->next = nullptr;
		*tail_ = head;
		tail_ = &head->next;
		++size_;
	}

	/// Takes those whose grace period is not after `completed`.
	callback_queue take_ready(u64 completed) noexcept {
		callback_queue ready;
		while (head_ && head_->grace_period <= completed)
			ready.push(pop());
		return ready;
	}

	rcu_head* pop() noexcept {
		rcu_head* first = head_;
		head_ = first->next;
		if (!head_)
			tail_ = &head_;
		--size_;
		return first;
	}

	callback_queue() = default;
	callback_queue(callback_queue&& other) noexcept
		: head_(other.head_), tail_(other.head_ ? other.tail_ : &head_), size_(other.size_) {
		other.head_ = nullptr;
		other.tail_ = &other.head_;
		other.size_ = 0;
	}
	callback_queue& operator=(callback_queue&&) = delete;

  private:
	rcu_head* head_ = nullptr;
	rcu_head** tail_ = &head_;
	std::size_t size_ = 0;
};

/// Registered threads: a list through the thread states themselves, which must stay trivially
/// destructible and therefore cannot hold a Boost.Intrusive hook.
class thread_list {
  public:
	void add(thread_state& thread) noexcept {
		thread.registry_prev = nullptr;
		thread.registry_next = first_;
		if (first_)
			first_->registry_prev = &thread;
		first_ = &thread;
		thread.registered = true;
	}

	void remove(thread_state& thread) noexcept {
		(thread.registry_prev ? thread.registry_prev->registry_next : first_) = thread.registry_next;
		if (thread.registry_next)
			thread.registry_next->registry_prev = thread.registry_prev;
		thread.registered = false;
	}

	/// After fork: forgets everybody but the caller.
	void keep_only(thread_state& self) noexcept {
		first_ = nullptr;
		if (self.registered)
			add(self);
	}

	bool has_other_than(const thread_state& self) const noexcept {
		return first_ && (first_ != &self || first_->registry_next);
	}

	template <class Fn>
	void for_each(Fn&& fn) const {
		for (thread_state* thread = first_; thread; thread = thread->registry_next)
			fn(*thread);
	}

  private:
	thread_state* first_ = nullptr;
};

/// Guards all of rcu_state. A thread whose exit hook has run takes it for each of its sections, so
/// signals, whose handlers may dispatch too, wait for as long as such a thread holds it.
class registry_lock {
  public:
	void lock() noexcept {
		sigset_t before{};
		const bool exiting = current_thread.exiting;
		if (exiting) {
			sigset_t all;
			sigfillset(&all);
			pthread_sigmask(SIG_SETMASK, &all, &before);
		}
		mutex_.lock();
		signals_held_ = exiting;
		signals_before_ = before;
	}
	void unlock() noexcept {
		const bool signals_held = signals_held_;
		const sigset_t before = signals_before_;
		mutex_.unlock();
		if (signals_held)
			pthread_sigmask(SIG_SETMASK, &before, nullptr);
	}

  private:
	std::mutex mutex_;
	bool signals_held_ = false;
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
	void advance() noexcept;
	void release_holder(thread_state& thread) noexcept;
	void remove(thread_state& thread) noexcept;
};

rcu_state& state() noexcept;
void exit_by_key(void*) noexcept;

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
		membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	rcu.lock.unlock();
}

/// Never destroyed: threads and static destructors outlive any order of destruction.
rcu_state& state() noexcept {
	static rcu_state* const rcu = [] {
		pthread_atfork(fork_prepare, fork_parent, fork_child);
		auto* made = new rcu_state;
		made->has_exit_key = pthread_key_create(&made->exit_key, exit_by_key) == 0;
		return made;
	}();
	return *rcu;
}

void rcu_state::decide_mode() noexcept {
	if (mode == rcu_mode::undecided)
		mode = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) ? rcu_mode::membarrier : rcu_mode::fence;
}

/// The barrier between unpublishing and the scan. False: denied, and nothing may be freed.
bool rcu_state::order_with_readers() noexcept {
	if (mode == rcu_mode::denied)
		return false;
	if (mode != rcu_mode::membarrier || !threads.has_other_than(current_thread)) {
		full_fence();
		return true;
	}
	if (fault_is(rcu_fault::no_membarrier))
		return true;
	const bool denied = fault_is(rcu_fault::membarrier_denied);
	if (!denied && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
		return true;
	if (denied || errno != ENOMEM) // without memory: tried again at the next step
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
	if (holders == 0 || fault_is(rcu_fault::early_free))
		completed = started;
}

void rcu_state::release_holder(thread_state& thread) noexcept {
	holders -= std::exchange(thread.holds_grace_period, false);
	if (holders == 0)
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

/// One step without waiting: ends the grace period in progress, begins the next one wanted.
void rcu_state::advance() noexcept {
	if (in_progress())
		poll();
	if (!in_progress() && wanted > completed)
		begin();
}

void report_denied(const char* call) noexcept {
	internal_error(call, "membarrier(2) worked when the first section began and is denied now: no "
						 "grace period can end, so nothing more is freed. Call rcu_use_fences() "
						 "before the first section in a process that gives up system calls");
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

// --- registration -----------------------------------------------------------------------------
//
// A thread registers with its first section and unregisters in its exit hook. From then on it
// registers for each outermost section anew, under the lock all through its enter and its leave.

constexpr u64 depth_fields = thread_word::reader_fields | thread_word::migrate_field;

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
	if (rcu.has_exit_key)
		pthread_setspecific(rcu.exit_key, nullptr);
}

/// Apart from thread_state, which must have no destructor.
struct exit_hook {
	void arm() const noexcept {}
	~exit_hook() { thread_exits(current_thread); }
};
thread_local exit_hook at_thread_exit;

/// For a thread whose first section is in a destructor of a pthread key: those run after all
/// thread_local ones, too late for the hook. Else the hook has been here before and cleared the key.
void exit_by_key(void*) noexcept { thread_exits(current_thread); }

void register_thread(thread_state& self) noexcept {
	at_thread_exit.arm();
	rcu_state& rcu = state();
	if (rcu.has_exit_key)
		pthread_setspecific(rcu.exit_key, &self);
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
	}
	enter_word(self, delta);
}

void leave_exiting(thread_state& self, u64 delta) noexcept {
	rcu_state& rcu = state();
	std::lock_guard held(rcu.lock);
	leave_word(self, delta);
	if (!(self.word.load(std::memory_order_relaxed) & depth_fields))
		rcu.remove(self);
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

// A section that section_leave could not end by itself: section_enter_slow returns what it counted
// with this bit, which no word has.
constexpr u64 counted_only = u64{1} << 31;

} // namespace

u64 section_enter_slow(u64 delta) noexcept {
	thread_state& self = current_thread;
	const u64 counted = countable(self.word.load(std::memory_order_relaxed), delta);
	if (counted != delta)
		illegal_use("preempt_disable, rcu_read_lock or migrate_disable",
					"nested more than %u deep: an unlock is missing somewhere; not counted",
					static_cast<unsigned>(thread_word::depth_mask));
	if (self.exiting) {
		enter_exiting(self, counted);
		return counted | counted_only;
	}
	if (!self.registered)
		register_thread(self);
	enter_word(self, counted);
	return counted == delta ? self.word.load(std::memory_order_relaxed) : counted | counted_only;
}

void section_leave_slow(u64 inside, u64 delta) noexcept {
	thread_state& self = current_thread;
	if (inside & counted_only)
		return leave_slow(self, inside & ~counted_only);
	const u64 found = self.word.load(std::memory_order_relaxed);
	illegal_use(
		"bpf_prog_run_array",
		"a program changed the nesting it ran in and did not change it back: preempt depth %u "
		"(was %u), rcu depth %u (was %u), migrate depth %u (was %u); put right",
		thread_word::depth(found, thread_word::one_preempt),
		thread_word::depth(inside, thread_word::one_preempt), thread_word::depth(found, thread_word::one_rcu),
		thread_word::depth(inside, thread_word::one_rcu), thread_word::depth(found, thread_word::one_migrate),
		thread_word::depth(inside, thread_word::one_migrate));
	// A: release, as in section_leave.
	self.word.store(thread_word::after_leaving(inside, delta), std::memory_order_release);
}

bool nesting_leave_slow(u64 one, const char* call) noexcept {
	thread_state& self = current_thread;
	if (thread_word::depth(self.word.load(std::memory_order_relaxed), one) == 0) {
		illegal_use(call, "this thread has not entered what it leaves here; ignored");
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

// --- writers ----------------------------------------------------------------------------------

std::size_t rcu_poll() noexcept {
	if (rcu_read_lock_held())
		return 0;
	rcu_state& rcu = state();
	std::unique_lock held(rcu.lock);
	rcu.advance();
	if (rcu.invoker)
		return 0;
	callback_queue ready = rcu.queue.take_ready(rcu.completed);
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

namespace detail {

void rcu_queue(rcu_head* head, void (*func)(rcu_head*)) noexcept {
	rcu_state& rcu = state();
	{
		std::lock_guard held(rcu.lock);
		if (!head->func) {
			head->func = func;
			head->grace_period = rcu.next_grace_period();
			rcu.queue.push(head);
			++rcu.queued_ever;
			return;
		}
	}
	illegal_use("call_rcu", "the head at %p is queued already; ignored", static_cast<void*>(head));
}

void rcu_run_if_alone() noexcept {
	rcu_state& rcu = state();
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
	rcu_poll();
	detail::rcu_queue(head, func);
	detail::rcu_run_if_alone();
}

void synchronize_rcu() noexcept {
	if (rcu_read_lock_held())
		return illegal_use("synchronize_rcu", "called inside a read-side section (or with preemption "
											  "disabled), which it would wait for: leave it first");
	rcu_state& rcu = state();
	std::unique_lock held(rcu.lock);
	const u64 target = rcu.next_grace_period();
	for (unsigned round = 0;; ++round) {
		rcu.advance();
		if (rcu.completed >= target || rcu.mode == rcu_mode::denied)
			break;
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
	for (unsigned round = 0; rcu.finished_ever < target && rcu.mode != rcu_mode::denied; ++round) {
		held.unlock();
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

namespace testing {
void set_rcu_fault(rcu_fault fault) noexcept { injected_fault.store(fault, std::memory_order_relaxed); }
} // namespace testing

} // namespace sockops
