// SPDX-License-Identifier: MIT
// Programs that try many forms at once, and the operands that they are run with.
//
//   memory   r1, r2, then a result for each form, 8 bytes each
//   x        both operands are in registers; one program is run with all pairs
//   k        the second is an immediate; there is a program for each
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sockops/vm/insn.hpp>

#include "forms.hpp"

namespace isa {

struct operands {
	sockops::u64 r1, r2;
};

struct batch {
	std::vector<sockops::bpf_insn> insns;
	std::vector<const form*> forms;
	std::vector<operands> runs;
	bool immediate; ///< then r2 of all runs is it, as 64 bits

	[[nodiscard]] std::size_t memory_size() const noexcept { return 8 * (2 + forms.size()); }
	[[nodiscard]] std::vector<std::byte> memory_of(const operands& run) const;
	/// The result of a form, from the memory after a run.
	[[nodiscard]] static sockops::u64 result(const std::vector<std::byte>& memory, std::size_t form_index);
	/// "r1 += r2" or "r1 += k".
	[[nodiscard]] std::string form_name(std::size_t form_index) const;
};

/// Values at which something changes, in pairs, and as many random pairs from a seed; always the same.
std::vector<batch> all_batches();

} // namespace isa
