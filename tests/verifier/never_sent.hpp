// SPDX-License-Identifier: MIT
// What no test here hands to a kernel.
#pragma once

#include <span>

#include <sockops/vm/insn.hpp>

namespace verdicts {

/// A program with a tail call and with a function that is called back: where the one is in the other, Linux
/// 6.18 warns of an error of its own.
inline bool is_never_sent(std::span<const sockops::bpf_insn> insns) {
	namespace of = sockops;
	constexpr of::s32 tail_call = 12;
	bool calls = false, hands_over = false;
	for (const of::bpf_insn& each : insns) {
		calls |= each.code == (of::insn_class::jmp | of::jmp_op::call) &&
				 each.src_reg == of::call_kind::helper && each.imm == tail_call;
		hands_over |= each.code == of::ld_imm64::code && each.src_reg == of::ld_imm64::func;
	}
	return calls && hands_over;
}

} // namespace verdicts
