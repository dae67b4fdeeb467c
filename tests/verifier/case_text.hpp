// SPDX-License-Identifier: MIT
// A program as a case, to be kept.
#pragma once

#include "recorded_loads.hpp"

namespace verdicts {

/// `insns`: the program's own, or others. `error`: the kernel's answer, 0 or errno.
std::string text_of_case(const std::string& name, const std::string& about, const recorded_load& of,
						 std::span<const sockops::bpf_insn> insns, int error);
/// "raw 0xb7 0 0 0 1".
std::string text_of_insn(sockops::bpf_insn of);

} // namespace verdicts
