// SPDX-License-Identifier: MIT
// Asks the machine's kernel whether it takes a program, and why not.
#pragma once

#include <span>
#include <string>

#include "bpf_calls.hpp"

namespace kernel_diff {

struct verdict {
	long error;      ///< 0 or -errno
	std::string log; ///< the verifier's
};

/// Loads a program and lets it go again.
verdict verify(abi::prog_type type, std::span<const abi::insn> insns, const char* license = "GPL");

/// Loads a program, an fd or -errno.
long load_prog(abi::prog_type type, std::span<const abi::insn> insns, const char* license = "GPL") noexcept;

/// Why no program can be loaded here; empty: it can.
std::string why_no_programs();

} // namespace kernel_diff
