// SPDX-License-Identifier: MIT
// What no test here hands to a kernel.
#pragma once

#include "../../src/object/libbpf/harmful.hpp"

namespace verdicts {

inline bool is_never_sent(std::span<const sockops::bpf_insn> insns) {
	return sockops::object::harms_the_kernel(insns);
}

} // namespace verdicts
