// SPDX-License-Identifier: MIT
// A program's basic blocks, and how often a run went from one to another, from the counts of its
// instructions.
#pragma once

#include <span>
#include <vector>

#include <sockops/vm/prog_load.hpp>
#include <sockops/vm/watch.hpp>

namespace sockops::object {

struct flow_edge {
	u32 from; ///< a block
	u64 count;
};

struct basic_block {
	u32 first, end; ///< instructions [first, end)
	u32 last;       ///< the last of them: end - 1, or end - 2 if that is the second half of another
	u32 function;   ///< by its index
	std::vector<flow_edge> from{};
};

struct flow_counts {
	std::vector<basic_block> blocks;
	std::vector<u32> block_of; ///< by instruction

	/// Where a jump goes to.
	[[nodiscard]] static u32 target(std::span<const bpf_insn> insns, u32 at) noexcept;
};

/// `counts`: one for each instruction. Functions begin with instruction 0; jumps end within the program,
/// which has been loaded.
[[nodiscard]] flow_counts count_flow(std::span<const bpf_insn> insns, std::span<const bpf_insn_count> counts,
									 std::span<const bpf_function> functions);

} // namespace sockops::object
