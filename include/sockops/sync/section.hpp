// SPDX-License-Identifier: MIT
// Entering and leaving what the thread word counts: the read side's only cost.
//
// A section adds a constant to the word and takes it away again. `section_guard` does so for a
// whole dispatch at once (preempt and rcu, or migrate and rcu): two counted enters would cost as
// much again.
//
// Context: any thread, about itself; never waits, but that the first section of a thread takes a lock to
// register it. So in a signal handler once the thread has been in a section before.
#pragma once

#include <sockops/sync/thread_word.hpp>

namespace sockops {

/// The first section of a thread, the fence mode, overflow. Returns what to hand to the leave.
[[gnu::cold]] u64 section_enter_slow(u64 delta) noexcept;
/// A leave whose word is not what its enter stored.
[[gnu::cold]] void section_leave_slow(u64 inside, u64 delta) noexcept;

/// Adds `delta` to this thread's word; returns what section_leave wants back.
[[gnu::always_inline]] inline u64 section_enter(u64 delta) noexcept {
	const u64 inside = current_thread.word.load(std::memory_order_relaxed) + delta;
	if (inside & thread_word::stop_bits) [[unlikely]]
		return section_enter_slow(delta);
	// A: release. Pairs with the acquire polls in src/sync/grace_period.cpp: a poll that sees a
	// later section of this thread must also see everything the earlier sections did.
	current_thread.word.store(inside, std::memory_order_release);
	// The store stays before the section's loads for the compiler; for the processor the grace
	// period's membarrier sees to it.
	std::atomic_signal_fence(std::memory_order_seq_cst);
	return inside;
}

/// Takes `delta` away again. A word that changed in between (a program that left a lock held) is
/// an illegal use, reported with the depths found; the word is put right.
[[gnu::always_inline]] inline void section_leave(u64 inside, u64 delta) noexcept {
	std::atomic_signal_fence(std::memory_order_seq_cst);
	if (current_thread.word.load(std::memory_order_relaxed) != inside) [[unlikely]]
		return section_leave_slow(inside, delta);
	// A: release. Pairs with the acquire polls in src/sync/grace_period.cpp: what the section read
	// happened before the memory is freed.
	current_thread.word.store(thread_word::after_leaving(inside, delta), std::memory_order_release);
}

/// A section for the life of the guard. `Delta` is a sum of thread_word::one_*; it must make the
/// thread a reader where RCU-protected memory is used.
template <u64 Delta>
class section_guard {
  public:
	[[gnu::always_inline]] section_guard() noexcept : inside_(section_enter(Delta)) {}
	[[gnu::always_inline]] ~section_guard() { section_leave(inside_, Delta); }
	section_guard(const section_guard&) = delete;
	section_guard& operator=(const section_guard&) = delete;

  private:
	u64 inside_;
};

/// A single enter, for the kernel's lock-and-unlock style.
inline void nesting_enter(u64 one) noexcept { section_enter(one); }
/// Its leave; false, after an illegal-use report in the name of `call`, if the field was not entered.
bool nesting_leave_slow(u64 one, const char* call) noexcept;
inline bool nesting_leave(u64 one, const char* call) noexcept {
	std::atomic_signal_fence(std::memory_order_seq_cst);
	const u64 inside = current_thread.word.load(std::memory_order_relaxed);
	if (thread_word::depth(inside, one) == 0 || (inside & thread_word::slow)) [[unlikely]]
		return nesting_leave_slow(one, call);
	// A: as in section_leave.
	current_thread.word.store(thread_word::after_leaving(inside, one), std::memory_order_release);
	return true;
}

} // namespace sockops
