// SPDX-License-Identifier: MIT
// An instruction made ready to run: a function and its operands. One step stands for each instruction, in the
// same place, so that a jump's distance stays what it was and a step's number is its instruction's.
//
// Threaded code: a step returns the one that comes after it, and a run is a loop over that (machine.cpp).
// Each kind of instruction is a function of a few lines in *_steps.cpp; nothing is one large switch.
#pragma once

#include <vector>

#include <sockops/vm/insn.hpp>

namespace sockops::vm {

struct machine;
struct step;

/// Returns the next step; nullptr ends the run: exit, or a fault that has been noted.
using step_fn = const step* (*)(machine&, const step*) noexcept;

struct step {
	step_fn run = nullptr;
	u64 imm = 0; ///< the immediate as the operation takes it; of a helper call its function
	s32 off = 0; ///< of memory: bytes; of a jump: steps from the next one
	u8 dst = 0, src = 0;
};

// What an instruction becomes; nullptr if there is no such instruction.
step_fn alu_step(bpf_insn insn) noexcept;
step_fn jump_step(bpf_insn insn) noexcept;
step_fn memory_step(bpf_insn insn) noexcept;
step_fn atomic_step(bpf_insn insn) noexcept;

/// dst = imm, 64 bits; the second half of the instruction is skipped.
const step* load_imm64(machine& m, const step* at) noexcept;

const step* call_helper(machine& m, const step* at) noexcept;
const step* call_subprogram(machine& m, const step* at) noexcept;
const step* tail_call(machine& m, const step* at) noexcept;
const step* exit_step(machine& m, const step* at) noexcept;
/// Where no way leads: behind a call that never returns here, or a half of a load.
const step* unreachable_step(machine& m, const step* at) noexcept;
/// Where a loader found no meaning for the instruction: the run ends, and says so.
const step* unresolved_step(machine& m, const step* at) noexcept;

/// A load from, or a store to, the context at a place known at load; the row's number decides which.
step_fn ctx_load_step(s32 off, u32 size) noexcept;
step_fn ctx_store_step(s32 off) noexcept;
/// A load or a store in the current frame at a place known at load: off is from the frame's bottom.
step_fn frame_load_step(bpf_insn insn) noexcept;
step_fn frame_store_step(bpf_insn insn) noexcept;

} // namespace sockops::vm
