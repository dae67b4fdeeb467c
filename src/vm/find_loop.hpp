// SPDX-License-Identifier: MIT
// Whether a program has a loop at all: which kernels before 5.3 refused, whatever its bound.
#pragma once

#include "load_check.hpp"

namespace sockops::vm {

struct jump_back {
	u32 from, to;
};

/// One on a way from what a run may come to; nullopt: there is none. Which branch constants decide is not
/// asked.
std::optional<jump_back> find_loop(std::span<const bpf_insn> insns, const program_flow& flow);

} // namespace sockops::vm
