// SPDX-License-Identifier: MIT
// What an instruction of arithmetic makes of two numbers, found out before a run: the step itself computes,
// so that its rule is not written a second time.
#pragma once

#include "machine.hpp"

namespace sockops::vm {

class calculator {
  public:
	calculator() : prog_("constants"), machine_(prog_, nullptr) {}

	/// The result.
	u64 arithmetic(bpf_insn insn, u64 left, u64 right) noexcept {
		run(alu_step(insn), insn, left, right);
		return machine_.regs[0];
	}
	/// Is the jump taken?
	bool jumps(bpf_insn insn, u64 left, u64 right) noexcept {
		return run(jump_step(insn), insn, left, right) != &step_ + 1;
	}

  private:
	const step* run(step_fn how, bpf_insn insn, u64 left, u64 right) noexcept {
		step_ = {how, static_cast<u64>(s64{insn.imm}), 1, 0, 1};
		machine_.regs[0] = left;
		machine_.regs[1] = right;
		return how(machine_, &step_);
	}

	ebpf_prog prog_;
	machine machine_;
	step step_;
};

} // namespace sockops::vm
