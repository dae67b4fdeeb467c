// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <sockops/vm/insn.hpp>

namespace sockops::vm {

/// "R1"
std::string register_in_words(u32 reg);
/// What is so where a conditional jump is taken, or is not: "R0 != 0", "R1 > R2, as 32-bit numbers".
std::string condition_in_words(bpf_insn insn, bool taken);

} // namespace sockops::vm
