// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include <sockops/bpf/helper_table.hpp>
#include <sockops/vm/insn.hpp>

namespace sockops::object {

/// Has the program a tail call, and a function that is called back? Where the one is in the other, Linux 6.18
/// reports an error of its own, with a warning in its log: on machines that stop at warnings that is the end.
inline bool harms_the_kernel(std::span<const bpf_insn> insns) noexcept {
	constexpr s32 tail_call = find_helper("bpf_tail_call")->id;
	bool calls = false, hands_over = false;
	for (const bpf_insn& each : insns) {
		calls = calls || (each.code == (insn_class::jmp | jmp_op::call) &&
						  each.src_reg == call_kind::helper && each.imm == tail_call);
		hands_over = hands_over || (each.code == ld_imm64::code && each.src_reg == ld_imm64::func);
	}
	return calls && hands_over;
}

} // namespace sockops::object
