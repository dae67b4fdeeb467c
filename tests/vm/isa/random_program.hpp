// SPDX-License-Identifier: MIT
// Programs by chance: arithmetic over all registers, registers combined with themselves, and short jumps.
#pragma once

#include <vector>

#include <sockops/vm/insn.hpp>

namespace isa {

/// A program reads nine registers from its memory, computes, and writes them back.
struct random_program {
	static constexpr std::size_t registers = 9; ///< r0 to r5 and r7 to r9; r6 holds the memory's address
	static constexpr std::size_t memory_size = registers * sizeof(sockops::u64);

	std::vector<sockops::bpf_insn> insns;
	std::vector<std::vector<std::byte>> runs; ///< the memory before each
};

/// The same for the same number, everywhere.
random_program make_random_program(unsigned number);
inline constexpr unsigned random_programs = 400;

} // namespace isa
