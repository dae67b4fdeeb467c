// SPDX-License-Identifier: MIT
#include "liveness.hpp"

#include "../access_rules.hpp"

namespace sockops::vm::check {

namespace {

constexpr u16 bit(u32 reg) noexcept { return static_cast<u16>(1u << reg); }
constexpr u16 arguments = 0x3e, clobbered = 0x3f, every_register = 0x3ff;

u16 read_in(bpf_insn insn) noexcept {
	if (is_call(insn))
		return arguments;
	if (is_exit(insn))
		return bit(0);
	const read_registers reads = read_by(insn);
	return static_cast<u16>((reads.r0 ? bit(0) : 0) | (reads.src ? bit(insn.src_reg) : 0) |
							(reads.dst ? bit(insn.dst_reg) : 0));
}

u16 written_in(bpf_insn insn) noexcept {
	switch (class_of(insn)) {
	case insn_class::ld:
	case insn_class::ldx:
	case insn_class::alu:
	case insn_class::alu64:
		return bit(insn.dst_reg);
	default:
		return is_call(insn) ? clobbered : 0;
	}
}

} // namespace

std::vector<u16> live_registers(const bpf_prog_load_attr& attr) {
	const std::size_t count = attr.insns.size();
	std::vector<u16> live(count + 1);
	bool goes_back = false;
	unsigned turns = 0;
	for (bool changed = true; changed; ++turns) {
		constexpr unsigned enough = 32;
		if (turns == enough) // jumps back and back again: each register may be read anywhere
			return std::vector<u16>(count + 1, every_register);
		changed = false;
		for (std::size_t at = count; at-- != 0;) {
			const bpf_insn insn = attr.insns[at];
			const bool is_half = insn.code == 0 && at != 0 && is_ld_imm64(attr.insns[at - 1]);
			u16 now = live[at + 1];
			if (is_ja(insn) || is_conditional(insn)) {
				const s64 distance = jump_distance(insn);
				now = static_cast<u16>((is_ja(insn) ? 0 : now) |
									   live[static_cast<std::size_t>(s64(at) + 1 + distance)]);
				goes_back = goes_back || distance < 0;
			} else if (is_exit(insn)) {
				now = 0;
			}
			if (!is_half)
				now = static_cast<u16>(read_in(insn) | (now & ~written_in(insn)));
			changed = changed || (goes_back && now != live[at]);
			live[at] = now;
		}
	}
	return live;
}

} // namespace sockops::vm::check
