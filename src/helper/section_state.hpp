// SPDX-License-Identifier: MIT
// The sections that a program has open: as an RCU reader, without preemption, without interrupts, and with a
// lock. It has to leave each before it ends. There are no interrupts here: that they are off is kept, and
// nothing else.
#pragma once

#include <sockops/sync/preempt.hpp>
#include <sockops/sync/rcu.hpp>

#include "../map/spin_lock.hpp"
#include "argument_kind.hpp"

namespace sockops::helper {

struct section_state {
	static constexpr kind_list<0> kinds{}; ///< as an argument of a rule: what there is around a call
	static constexpr u32 max_irqs_off = 8;

	u32* held_lock = nullptr;    ///< the bpf_spin_lock that the program holds: one at a time
	u32 preempt_off = 0;         ///< calls of bpf_preempt_disable() that are open
	u32 irqs_off = 0;            ///< and of bpf_local_irq_save()
	bool in_rcu = false;         ///< between bpf_rcu_read_lock() and bpf_rcu_read_unlock()
	u64 irq_flags[max_irqs_off]; ///< where each was saved

	bool any() const noexcept {
		return (reinterpret_cast<std::uintptr_t>(held_lock) | preempt_off | irqs_off | in_rcu) != 0;
	}
	/// What is yet to be called, in words; nullptr: nothing.
	const char* left_to_call() const noexcept {
		if (held_lock)
			return "bpf_spin_unlock()";
		if (in_rcu)
			return "bpf_rcu_read_unlock()";
		if (preempt_off != 0)
			return "bpf_preempt_enable()";
		return irqs_off != 0 ? "bpf_local_irq_restore()" : nullptr;
	}

	void release_lock() noexcept {
		bpf_spin_unlock(held_lock);
		held_lock = nullptr;
	}
	/// Leaves all of them, in place of a program that has been stopped.
	void leave_all() noexcept {
		if (held_lock)
			release_lock();
		if (in_rcu)
			rcu_read_unlock();
		for (; preempt_off != 0; --preempt_off)
			preempt_enable();
		in_rcu = false;
		irqs_off = 0;
	}
};

} // namespace sockops::helper
