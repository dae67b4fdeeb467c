// SPDX-License-Identifier: MIT
// From instructions to the C source: what one program has run through.
#pragma once

#include <map>
#include <span>
#include <string>

#include <sockops/object/coverage.hpp>
#include <sockops/vm/prog_load.hpp>
#include <sockops/vm/watch.hpp>

namespace sockops::object {

/// What is known of a program that has run.
struct counted_program {
	std::span<const bpf_insn> insns;
	std::span<const bpf_insn_count> counts; ///< one for each instruction
	std::span<const bpf_source_line> lines;
	std::span<const bpf_function> functions;
};

/// By the names that `name_of` makes of the compiler's.
[[nodiscard]] std::map<std::string, coverage::file> cover(const counted_program& program,
														  const coverage::naming& name_of);

/// Adds counts of the same files, functions and branches.
void add_to(coverage::file& to, const coverage::file& more);

} // namespace sockops::object
