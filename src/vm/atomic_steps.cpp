// SPDX-License-Identifier: MIT
// Atomic operations (RFC 9669, 5.3, and the later loads that acquire and stores that release). Those that
// fetch order like the kernel's, fully; those that do not, not at all.

#include "machine.hpp"

namespace sockops::vm {

namespace {

/// Atomics need their natural alignment, which the kernel asks for too.
template <class T>
T* atomic_place(machine& m, const step* at, u64 base, access how = access::write) noexcept {
	const u64 address = base + static_cast<u64>(s64{at->off});
	u8* const place = m.reach(address, sizeof(T), how);
	if (!place || reinterpret_cast<std::uintptr_t>(place) % sizeof(T) != 0) {
		if (place)
			m.fault(at, "an atomic operation on " + std::to_string(sizeof(T)) +
							" bytes at an address that is not a multiple of that");
		else
			m.bad_access(at, address, sizeof(T), how);
		return nullptr;
	}
	return reinterpret_cast<T*>(place);
}

/// Applies add, or, and, xor or xchg; the value before.
template <class T, s32 Op, int Order>
T apply(T* to, T value) noexcept {
	if constexpr (Op == (alu_op::add | atomic_op::fetch))
		return __atomic_fetch_add(to, value, Order);
	else if constexpr (Op == (alu_op::or_ | atomic_op::fetch))
		return __atomic_fetch_or(to, value, Order);
	else if constexpr (Op == (alu_op::and_ | atomic_op::fetch))
		return __atomic_fetch_and(to, value, Order);
	else if constexpr (Op == (alu_op::xor_ | atomic_op::fetch))
		return __atomic_fetch_xor(to, value, Order);
	else
		return __atomic_exchange_n(to, value, Order);
}

template <class T, s32 Op>
const step* without_fetch(machine& m, const step* at) noexcept {
	T* const to = atomic_place<T>(m, at, m.regs[at->dst]);
	if (!to)
		return nullptr;
	apply<T, Op | atomic_op::fetch, __ATOMIC_RELAXED>(to, static_cast<T>(m.regs[at->src]));
	return at + 1;
}

// Fully ordered: T. A program's fetching operation pairs with another program's, as the instruction set has
// it.
template <class T, s32 Op>
const step* with_fetch(machine& m, const step* at) noexcept {
	T* const to = atomic_place<T>(m, at, m.regs[at->dst]);
	if (!to)
		return nullptr;
	m.regs[at->src] = apply<T, Op, __ATOMIC_SEQ_CST>(to, static_cast<T>(m.regs[at->src]));
	return at + 1;
}

/// If the word is r0, src goes there; r0 becomes what the word was.
template <class T>
const step* compare_exchange(machine& m, const step* at) noexcept {
	T* const to = atomic_place<T>(m, at, m.regs[at->dst]);
	if (!to)
		return nullptr;
	T expected = static_cast<T>(m.regs[0]);
	__atomic_compare_exchange_n(to, &expected, static_cast<T>(m.regs[at->src]), false, __ATOMIC_SEQ_CST, // T
								__ATOMIC_SEQ_CST);
	m.regs[0] = expected;
	return at + 1;
}

/// U: pairs with store_release of another program.
template <class T>
const step* load_acquire(machine& m, const step* at) noexcept {
	T* const from = atomic_place<T>(m, at, m.regs[at->src], access::read);
	if (!from)
		return nullptr;
	m.regs[at->dst] = __atomic_load_n(from, __ATOMIC_ACQUIRE);
	return at + 1;
}
template <class T>
const step* store_release(machine& m, const step* at) noexcept {
	T* const to = atomic_place<T>(m, at, m.regs[at->dst]);
	if (!to)
		return nullptr;
	// U: pairs with load_acquire of another program.
	__atomic_store_n(to, static_cast<T>(m.regs[at->src]), __ATOMIC_RELEASE);
	return at + 1;
}

template <class T>
step_fn read_modify_write(s32 op) noexcept {
	switch (op) {
	case alu_op::add:
		return without_fetch<T, alu_op::add>;
	case alu_op::or_:
		return without_fetch<T, alu_op::or_>;
	case alu_op::and_:
		return without_fetch<T, alu_op::and_>;
	case alu_op::xor_:
		return without_fetch<T, alu_op::xor_>;
	case alu_op::add | atomic_op::fetch:
		return with_fetch<T, alu_op::add | atomic_op::fetch>;
	case alu_op::or_ | atomic_op::fetch:
		return with_fetch<T, alu_op::or_ | atomic_op::fetch>;
	case alu_op::and_ | atomic_op::fetch:
		return with_fetch<T, alu_op::and_ | atomic_op::fetch>;
	case alu_op::xor_ | atomic_op::fetch:
		return with_fetch<T, alu_op::xor_ | atomic_op::fetch>;
	case atomic_op::xchg:
		return with_fetch<T, atomic_op::xchg>;
	case atomic_op::cmpxchg:
		return compare_exchange<T>;
	default:
		return nullptr;
	}
}

template <class T>
step_fn of_width(s32 op) noexcept {
	if (op == atomic_op::load_acq)
		return load_acquire<T>;
	if (op == atomic_op::store_rel)
		return store_release<T>;
	if constexpr (sizeof(T) >= 4)
		return read_modify_write<T>(op);
	return nullptr;
}

} // namespace

step_fn atomic_step(bpf_insn insn) noexcept {
	switch (insn_size::bytes(insn.code)) {
	case 1:
		return of_width<u8>(insn.imm);
	case 2:
		return of_width<u16>(insn.imm);
	case 4:
		return of_width<u32>(insn.imm);
	default:
		return of_width<u64>(insn.imm);
	}
}

} // namespace sockops::vm
