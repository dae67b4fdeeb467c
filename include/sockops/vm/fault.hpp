// SPDX-License-Identifier: MIT
// What an interpreted program did that no verifier would have let it do. It was stopped there, and counts as
// having returned 0.
//
//   tune: instruction 14 (tune.bpf.c:31, 'c->bytes = skops->bytes_acked;'): writes 8 bytes at 0x7f…10, which
//   is 32 bytes behind the value of map 'conns' (16 bytes); after bpf_map_lookup_elem() a program tests for
//   NULL
#pragma once

#include <string>

#include <sockops/bpf/bpf_prog.hpp>

namespace sockops {

struct bpf_fault {
	const bpf_prog* prog; ///< valid during the handler's call
	u32 insn;             ///< the instruction that went wrong
	std::string message;  ///< the program, the instruction, its source line, the pointer, the remedy
};

/// Told of each fault, on the thread that dispatches, inside the read-side section: it may not wait or throw.
using bpf_fault_handler = void (*)(const bpf_fault&) noexcept;

/// Replaces the process-wide handler and returns the previous one; nullptr restores the default, which prints
/// the message to stderr. Any thread.
bpf_fault_handler set_bpf_fault_handler(bpf_fault_handler handler) noexcept;

/// How many instructions one run may take, all its calls together; process-wide. The default, 2^28, is
/// reached within a second or two. What bpf_strcmp() and its kin read counts too: two bytes are an
/// instruction. Between two calls, or two turns of a bpf_for(), a run may take bpf_max_insns. Any thread;
/// runs that have begun keep theirs.
void set_bpf_run_limit(u64 instructions) noexcept;
[[nodiscard]] u64 bpf_run_limit() noexcept;

/// How often an interpreted program has been stopped, and the last message; 0 and "" for other programs.
[[nodiscard]] u64 bpf_prog_faults(const bpf_prog& prog) noexcept;
[[nodiscard]] std::string bpf_prog_last_fault(const bpf_prog& prog);

} // namespace sockops
