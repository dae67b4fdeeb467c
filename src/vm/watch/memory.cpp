// SPDX-License-Identifier: MIT
// Loads, stores and atomic operations of watched programs.
#include <sockops/bpf/bpf_sock_ops_fields.hpp>

#include "operations.hpp"
#include "watched_machine.hpp"

namespace sockops::vm {

namespace {

constexpr u64 low_bytes(u32 size) noexcept { return size == 8 ? ~u64{0} : (u64{1} << size * 8) - 1; }

u64 sign_extended(u64 bits, u32 size) noexcept {
	const u32 above = 64 - size * 8;
	return static_cast<u64>(static_cast<s64>(bits << above) >> above);
}

u64 address_of(const watched_machine& m, bpf_insn insn, u32 base) noexcept {
	return m.regs[base] + static_cast<u64>(s64{insn.off});
}

void check_address(watched_machine& m, const step* at, u32 base) noexcept {
	if (m.shadows[base].undefined)
		m.found_in_register(at, base, "address", "where it leads depends on whatever is there");
}

const step* follow_load(watched_machine& m, const watched_step& of, const step* at) noexcept {
	const u32 size = insn_size::bytes(of.insn.code);
	check_address(m, at, of.insn.src_reg);
	const u64 address = address_of(m, of.insn, of.insn.src_reg);
	const step* const next = at->run(m, at);
	if (!next)
		return next;
	shadow read = m.load_shadow(address, size);
	if ((of.insn.code & insn_mode::mask) == insn_mode::memsx)
		read.undefined = sign_extended(read.undefined, size);
	m.shadows[of.insn.dst_reg] = read;
	return next;
}

std::string context_field(u64 address) {
	const u64 offset = (address & pointer_mask) - ctx_origin;
	for (const ctx_field& each : ctx_fields)
		if (each.writable && offset >= each.offset && offset < each.offset + u64{each.size} * each.count)
			return std::string(each.name).append(" of the context");
	return "the context";
}

const step* follow_store(watched_machine& m, const watched_step& of, const step* at) noexcept {
	const u32 size = insn_size::bytes(of.insn.code);
	check_address(m, at, of.insn.dst_reg);
	const u64 address = address_of(m, of.insn, of.insn.dst_reg);
	const bool by_register = (of.insn.code & insn_class::mask) == insn_class::stx;
	shadow stored = by_register ? m.shadows[of.insn.src_reg] : shadow{};
	stored.undefined &= low_bytes(size);
	if (stored.undefined && kind_of(address) == pointer_kind::ctx)
		m.found_in_register(at, of.insn.src_reg, context_field(address),
							"the kernel takes whatever is there");
	const step* const next = at->run(m, at);
	if (next)
		m.store_shadow(address, size, stored);
	return next;
}

template <class T>
T undefined_after(s32 op, partial<T> memory, partial<T> operand) noexcept {
	using namespace undefined_bits;
	switch (op & ~atomic_op::fetch) {
	case alu_op::add:
		return of_add(memory, operand);
	case alu_op::or_:
		return of_or(memory, operand);
	case alu_op::and_:
		return of_and(memory, operand);
	case alu_op::xor_:
		return of_xor(memory, operand);
	default: // xchg
		return operand.undefined;
	}
}

/// The word, as it is now; the program may be stopped for it by the step itself.
template <class T>
T word_at(watched_machine& m, u64 address) noexcept {
	const u8* const at = m.reach(address, sizeof(T), access::read);
	return at ? __atomic_load_n(reinterpret_cast<const T*>(at), __ATOMIC_RELAXED) : T{0};
}

template <class T>
const step* follow_read_modify_write(watched_machine& m, const watched_step& of, const step* at) noexcept {
	const bpf_insn insn = of.insn;
	check_address(m, at, insn.dst_reg);
	const u64 address = address_of(m, insn, insn.dst_reg);
	if (address % sizeof(T) != 0)
		return at->run(m, at); // which stops the program
	const T before = word_at<T>(m, address);
	const shadow old = m.load_shadow(address, sizeof(T)), operand = m.shadows[insn.src_reg];
	const partial<T> memory{before, static_cast<T>(old.undefined)}, given = m.reg<T>(insn.src_reg);
	const bool compares = insn.imm == atomic_op::cmpxchg;
	const bool stores = !compares || before == static_cast<T>(m.regs[0]);
	if (compares && !undefined_bits::equal(memory, m.reg<T>(0)))
		m.found_bits(at, memory.undefined ? old : m.shadows[0], "comparison",
					 "whether it stores depends on whatever is there");
	const step* const next = at->run(m, at);
	if (!next)
		return next;
	if (stores) {
		const T undefined = compares ? given.undefined : undefined_after<T>(insn.imm, memory, given);
		m.store_shadow(address, sizeof(T), {undefined, given.undefined ? operand.origin : old.origin});
	}
	if (compares)
		m.shadows[0] = old;
	else if (insn.imm & atomic_op::fetch)
		m.shadows[insn.src_reg] = old;
	return next;
}

const step* follow_load_acquire(watched_machine& m, const watched_step& of, const step* at) noexcept {
	check_address(m, at, of.insn.src_reg);
	const u64 address = address_of(m, of.insn, of.insn.src_reg);
	const step* const next = at->run(m, at);
	if (next)
		m.shadows[of.insn.dst_reg] = m.load_shadow(address, insn_size::bytes(of.insn.code));
	return next;
}

} // namespace

follow_fn follower_of_load(bpf_insn) noexcept { return follow_load; }
follow_fn follower_of_store(bpf_insn) noexcept { return follow_store; }

follow_fn follower_of_atomic(bpf_insn insn) noexcept {
	if (insn.imm == atomic_op::load_acq)
		return follow_load_acquire;
	if (insn.imm == atomic_op::store_rel)
		return follow_store;
	return insn_size::bytes(insn.code) == 4 ? follow_read_modify_write<u32> : follow_read_modify_write<u64>;
}

const step* follow_imm64(watched_machine& m, const watched_step& of, const step* at) noexcept {
	m.shadows[of.insn.dst_reg] = {};
	return at->run(m, at);
}

} // namespace sockops::vm
