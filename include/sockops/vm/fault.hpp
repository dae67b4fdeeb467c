// SPDX-License-Identifier: MIT
// Programs that were stopped (bpf/bpf_fault.hpp): how often, why at last, and how much one run may take.
//
// Context: any thread that keeps the program; bpf_prog_last_fault() takes memory and a lock. Not from a
// signal handler.
#pragma once

#include <string>

#include <sockops/bpf/bpf_fault.hpp>
#include <sockops/bpf/bpf_prog.hpp>

namespace sockops {

/// How many instructions one run may take, all its calls together; process-wide. The default, 2^28, is
/// reached within a second or two. What bpf_strcmp() and its kin read counts too: two bytes are an
/// instruction. Between two calls, or two turns of a bpf_for(), a run may take bpf_max_insns. Any thread;
/// runs that have begun keep theirs.
void set_bpf_run_limit(u64 instructions) noexcept;
/// The limit as it is now.
[[nodiscard]] u64 bpf_run_limit() noexcept;

/// How often an interpreted program has been stopped; 0 for other programs.
[[nodiscard]] u64 bpf_prog_faults(const bpf_prog& prog) noexcept;
/// The message of the last time; "" if there was none, and for other programs.
[[nodiscard]] std::string bpf_prog_last_fault(const bpf_prog& prog);

} // namespace sockops
