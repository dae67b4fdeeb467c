// SPDX-License-Identifier: MIT
// Sections that a program opens and has to close: as an RCU reader, without preemption, without interrupts.
// There are no interrupts here: that they are off is kept, and nothing else.

#include <sockops/sync/preempt.hpp>
#include <sockops/sync/rcu.hpp>

#include "kfuncs.hpp"

namespace sockops::vm {

namespace {

u64 rcu_lock(machine& m, const u64*) noexcept {
	if (m.in_rcu)
		return m.fault(m.at, "bpf_rcu_read_lock() inside bpf_rcu_read_lock(): it does not nest"), 0;
	m.in_rcu = true;
	rcu_read_lock();
	return 0;
}
u64 rcu_unlock(machine& m, const u64*) noexcept {
	if (!m.in_rcu)
		return m.fault(m.at, "bpf_rcu_read_unlock() without bpf_rcu_read_lock()"), 0;
	m.in_rcu = false;
	rcu_read_unlock();
	return 0;
}

u64 disable_preemption(machine& m, const u64*) noexcept {
	++m.preempt_off;
	preempt_disable();
	return 0;
}
u64 enable_preemption(machine& m, const u64*) noexcept {
	if (m.preempt_off == 0)
		return m.fault(m.at, "bpf_preempt_enable() without bpf_preempt_disable()"), 0;
	--m.preempt_off;
	preempt_enable();
	return 0;
}

u64 irq_save(machine& m, const u64* r) noexcept {
	static constexpr char me[] = "bpf_local_irq_save";
	if (!m.writable(r[1], sizeof(u64), me))
		return 0;
	if (m.irqs_off == machine::max_irqs_off)
		return m.fault(m.at, std::string(me) + "(): more than " + std::to_string(machine::max_irqs_off) +
								 " at a time"),
			   0;
	m.irq_flags[m.irqs_off++] = r[1];
	return 0;
}
u64 irq_restore(machine& m, const u64* r) noexcept {
	if (m.irqs_off == 0 || m.irq_flags[m.irqs_off - 1] != r[1])
		return m.fault(m.at, "bpf_local_irq_restore(): its flags are not those that bpf_local_irq_save() "
							 "saved last"),
			   0;
	--m.irqs_off;
	return 0;
}

constexpr kfunc_row rows[] = {
	{"bpf_rcu_read_lock", rcu_lock},
	{"bpf_rcu_read_unlock", rcu_unlock},
	{"bpf_preempt_disable", disable_preemption},
	{"bpf_preempt_enable", enable_preemption},
	{"bpf_local_irq_save", irq_save},
	{"bpf_local_irq_restore", irq_restore},
};

} // namespace

std::span<const kfunc_row> section_kfuncs() noexcept { return rows; }

void machine::close_sections() noexcept {
	if (in_rcu)
		rcu_read_unlock();
	for (; preempt_off != 0; --preempt_off)
		preempt_enable();
	in_rcu = false;
	irqs_off = 0;
}

} // namespace sockops::vm
