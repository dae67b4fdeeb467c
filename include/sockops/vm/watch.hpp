// SPDX-License-Identifier: MIT
// Watched programs. One that is loaded with bpf_prog_load_attr::watch runs by a second set of steps, which do
// what the first do and keep beside each value which of its bits somebody has written:
//
//   findings   what depends on bytes that nobody has written (what a helper reads, a branch, a return, a
//              record, what is stored into the context) is told to the observers of the socket's net
//              (bpf/bpf_finding.hpp). What such bytes hold comes from a seed and is never 0, so that a test
//              cannot pass because memory happens to be clean; the same seed gives the same run
//   counts     how often each instruction was come to, and each jump taken
//
// Programs that are loaded without it pay nothing. It takes some times as long, and is for tests.
//
// Context: bpf_prog_counts() from any thread that keeps the program; takes memory, so not in a signal
// handler.
#pragma once

#include <string>
#include <vector>

#include <sockops/bpf/bpf_prog.hpp>
#include <sockops/kern/containers.hpp>

namespace sockops {

struct bpf_watch_options {
	/// What bytes that nobody wrote hold: another number, other bytes.
	u64 seed = 1;
};

/// A variable of C that lies on the stack, for messages.
struct bpf_stack_variable {
	u32 from = 0, to = 0; ///< the instructions [from, to) of the loaded program in which it is in scope
	s32 offset = 0;       ///< bytes from r10: negative
	u32 size = 0;         ///< bytes
	std::string name{};
	std::string file{}; ///< where it is declared, as the compiler was given it
	u32 line = 0;       ///< 0: not known
};

struct bpf_insn_count {
	u64 executed = 0;       ///< how often a run came to the instruction
	u64 jumped = 0;         ///< of a conditional jump: how often it went to its target
	bool is_branch = false; ///< is it a conditional jump?
};

/// One for each instruction of a watched program, the second half of a 64-bit load included; empty for one
/// that is not watched.
[[nodiscard]] std::vector<bpf_insn_count> bpf_prog_counts(const bpf_prog& prog);
/// Is it loaded with bpf_prog_load_attr::watch?
[[nodiscard]] bool is_watched(const bpf_prog& prog) noexcept;

} // namespace sockops
