// SPDX-License-Identifier: MIT
// Loads and stores (RFC 9669, 5). Each finds out where its address leads before it touches anything.
//
// A program's own accesses may race with those of another CPU's program, as in the kernel: what they then
// read is their affair. So they are left out of ThreadSanitizer's view, and this file holds nothing else.

#include <cstring>

#include "machine.hpp"

namespace sockops::vm {

namespace {

// Programs may access map values and segments unaligned.
template <class T>
[[gnu::no_sanitize_thread, gnu::always_inline]] inline T get(const u8* from) noexcept {
	struct [[gnu::packed, gnu::may_alias]] unaligned {
		T value;
	};
	return reinterpret_cast<const unaligned*>(from)->value;
}
template <class T>
[[gnu::no_sanitize_thread, gnu::always_inline]] inline void put(u8* to, T value) noexcept {
	struct [[gnu::packed, gnu::may_alias]] unaligned {
		T value;
	};
	reinterpret_cast<unaligned*>(to)->value = value;
}

/// What is read through a pointer that is not to the frame or the value looked up last.
template <class T>
const step* load_elsewhere(machine& m, const step* at, u64 address) noexcept {
	u64 value = 0;
	if (!m.load_typed(address, sizeof(T), value))
		return m.bad_access(at, address, sizeof(T), access::read);
	m.regs[at->dst] = static_cast<u64>(static_cast<T>(value)); // extends the sign if T has one
	return at + 1;
}

template <class T>
[[gnu::no_sanitize_thread]] const step* load(machine& m, const step* at) noexcept {
	const u64 address = m.regs[at->src] + static_cast<u64>(s64{at->off});
	const u8* const from = m.reach(address, sizeof(T), access::read);
	if (!from) [[unlikely]]
		return load_elsewhere<T>(m, at, address);
	m.regs[at->dst] = static_cast<u64>(get<T>(from));
	return at + 1;
}

template <class T, bool ByRegister>
[[gnu::no_sanitize_thread]] const step* store(machine& m, const step* at) noexcept {
	const u64 address = m.regs[at->dst] + static_cast<u64>(s64{at->off});
	const u64 value = ByRegister ? m.regs[at->src] : at->imm;
	u8* const to = m.reach(address, sizeof(T), access::write);
	if (!to) [[unlikely]] {
		if (m.store_typed(address, sizeof(T), value))
			return at + 1;
		return m.bad_access(at, address, sizeof(T), access::write);
	}
	put(to, static_cast<T>(value));
	return at + 1;
}

template <class T>
[[gnu::no_sanitize_thread]] const step* frame_load(machine& m, const step* at) noexcept {
	m.regs[at->dst] = static_cast<u64>(get<T>(m.frame + at->off));
	return at + 1;
}

template <class T, bool ByRegister>
[[gnu::no_sanitize_thread]] const step* frame_store(machine& m, const step* at) noexcept {
	put(m.frame + at->off, static_cast<T>(ByRegister ? m.regs[at->src] : at->imm));
	return at + 1;
}

template <class T>
step_fn load_of(bool in_frame) noexcept {
	return in_frame ? frame_load<T> : load<T>;
}

step_fn choose_load(bpf_insn insn, bool in_frame) noexcept {
	const bool sign = (insn.code & insn_mode::mask) == insn_mode::memsx;
	switch (insn_size::bytes(insn.code)) {
	case 1:
		return sign ? load_of<s8>(in_frame) : load_of<u8>(in_frame);
	case 2:
		return sign ? load_of<s16>(in_frame) : load_of<u16>(in_frame);
	case 4:
		return sign ? load_of<s32>(in_frame) : load_of<u32>(in_frame);
	default:
		return sign ? nullptr : load_of<u64>(in_frame);
	}
}

template <class T>
step_fn store_of(bpf_insn insn, bool in_frame) noexcept {
	if ((insn.code & insn_class::mask) == insn_class::stx)
		return in_frame ? frame_store<T, true> : store<T, true>;
	return in_frame ? frame_store<T, false> : store<T, false>;
}

step_fn choose_store(bpf_insn insn, bool in_frame) noexcept {
	switch (insn_size::bytes(insn.code)) {
	case 1:
		return store_of<u8>(insn, in_frame);
	case 2:
		return store_of<u16>(insn, in_frame);
	case 4:
		return store_of<u32>(insn, in_frame);
	default:
		return store_of<u64>(insn, in_frame);
	}
}

bool is_load(bpf_insn insn) noexcept { return (insn.code & insn_class::mask) == insn_class::ldx; }

} // namespace

step_fn memory_step(bpf_insn insn) noexcept {
	return is_load(insn) ? choose_load(insn, false) : choose_store(insn, false);
}
step_fn frame_load_step(bpf_insn insn) noexcept { return choose_load(insn, true); }
step_fn frame_store_step(bpf_insn insn) noexcept { return choose_store(insn, true); }

const step* load_imm64(machine& m, const step* at) noexcept {
	m.regs[at->dst] = at->imm;
	return at + 2;
}

} // namespace sockops::vm
