// SPDX-License-Identifier: MIT
// Helpers and kfuncs that open a section or leave it. What a program may not do of it, the kernel refuses to
// load; here it is found out when it happens.
#pragma once

#include "results.hpp"
#include "rule.hpp"

namespace sockops::helper {

/// Gives up where a kernel would hang: the holder is a program that this one interrupted, or one that does
/// not go on.
inline misuse spin_lock(section_state& of, value_lock lock) noexcept {
	if (of.held_lock)
		return {": the program holds a bpf_spin_lock already"};
	constexpr u32 patience = 1u << 20;
	for (u32 turns = 0; turns != patience; ++turns) {
		if (bpf_spin_trylock(lock.word)) {
			of.held_lock = lock.word;
			return {};
		}
		::sched_yield(); // a thread is not a CPU: the holder may have been switched out
	}
	return {": the lock is not released"};
}
inline misuse spin_unlock(section_state& of, value_lock lock) noexcept {
	if (lock.word != of.held_lock)
		return {": the program does not hold this lock"};
	of.release_lock();
	return {};
}

inline misuse enter_rcu(section_state& of) noexcept {
	if (of.in_rcu)
		return {" inside bpf_rcu_read_lock(): it does not nest"};
	of.in_rcu = true;
	rcu_read_lock();
	return {};
}
inline misuse leave_rcu(section_state& of) noexcept {
	if (!of.in_rcu)
		return {" without bpf_rcu_read_lock()"};
	of.in_rcu = false;
	rcu_read_unlock();
	return {};
}

inline misuse disable_preemption(section_state& of) noexcept {
	++of.preempt_off;
	preempt_disable();
	return {};
}
inline misuse enable_preemption(section_state& of) noexcept {
	if (of.preempt_off == 0)
		return {" without bpf_preempt_disable()"};
	--of.preempt_off;
	preempt_enable();
	return {};
}

inline misuse save_irqs(section_state& of, new_irq_flags flags) noexcept {
	if (of.irqs_off == section_state::max_irqs_off)
		return {": more than 8 at a time"};
	of.irq_flags[of.irqs_off++] = flags.where;
	return {};
}
inline misuse restore_irqs(section_state& of, irq_flags flags) noexcept {
	if (of.irqs_off == 0 || of.irq_flags[of.irqs_off - 1] != flags.where)
		return {": its flags are not those that bpf_local_irq_save() saved last"};
	--of.irqs_off;
	return {};
}

using section_rules =
	rule_list<rule<"bpf_spin_lock", spin_lock>, rule<"bpf_spin_unlock", spin_unlock>,
			  rule<"bpf_rcu_read_lock", enter_rcu>, rule<"bpf_rcu_read_unlock", leave_rcu>,
			  rule<"bpf_preempt_disable", disable_preemption>, rule<"bpf_preempt_enable", enable_preemption>,
			  rule<"bpf_local_irq_save", save_irqs>, rule<"bpf_local_irq_restore", restore_irqs>>;

} // namespace sockops::helper
