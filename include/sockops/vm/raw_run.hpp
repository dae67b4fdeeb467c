// SPDX-License-Identifier: MIT
// Instructions without a context: what conformance suites of the instruction set run.
//
// Context: any thread, outside of programs and signal handlers; returns when the program has ended.
#pragma once

#include <span>

#include <sockops/vm/prog_load.hpp>

namespace sockops {

struct raw_run_result {
	bool ok = false;
	u64 r0 = 0;
	std::string message; ///< why it was refused, or what went wrong
};

/// Checks and runs `insns` with r1 the address of `memory` and r2 its length; the program may read and write
/// it. Returns whether it ran through, with its r0, which may be any value. Helpers that need no socket work,
/// by the clock and chance of a net of the run's own; the others stop the program with words; maps there are
/// none.
[[nodiscard]] raw_run_result bpf_raw_run(std::span<const bpf_insn> insns, std::span<std::byte> memory);

} // namespace sockops
