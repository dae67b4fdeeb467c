// SPDX-License-Identifier: MIT
// How deep the calls of a program go, and how much stack they take together.

#include <algorithm>

#include "load_check.hpp"

namespace sockops::vm {

namespace {

class call_chains {
  public:
	call_chains(const program_structure& structure, const program_flow& flow)
		: structure_(structure), flow_(flow), below_(structure.subprograms.size()) {}

	/// Works out what a subprogram and the deepest chain below it take; each once. Recursion is as deep as it
	/// is allowed to get before it is seen.
	refusal work_out(u32 subprogram, u32 depth) {
		if (depth == max_call_frames)
			return {E2BIG, structure_.subprograms[subprogram],
					"the call stack of " + std::to_string(depth + 1) +
						" frames is too deep, or calls itself"};
		chain& mine = below_[subprogram];
		if (mine.frames != 0)
			return {};
		u32 frames = 0, stack = 0;
		for (const call_site& call : structure_.calls) {
			if (structure_.subprogram_of(call.insn) != subprogram)
				continue;
			const u32 callee = structure_.subprogram_of(call.target);
			if (refusal wrong = work_out(callee, depth + 1))
				return wrong;
			frames = std::max(frames, below_[callee].frames);
			stack = std::max(stack, below_[callee].stack);
		}
		mine = {frames + 1, stack + frame_size(subprogram)};
		return {};
	}

	refusal verdict() const {
		const chain& whole = below_[0];
		if (whole.frames > max_call_frames)
			return {E2BIG, 0, "the call stack of " + std::to_string(whole.frames) + " frames is too deep"};
		if (whole.stack > max_bpf_stack)
			return {EACCES, 0,
					"combined stack size of " + std::to_string(whole.frames) + " calls is " +
						std::to_string(whole.stack) + " bytes, too large; " + std::to_string(max_bpf_stack) +
						" are allowed"};
		return {};
	}

  private:
	struct chain {
		u32 frames = 0, stack = 0; ///< frames 0: not worked out yet
	};

	u32 frame_size(u32 subprogram) const { return (flow_.stack_depth[subprogram] + 15) / 16 * 16; }

	const program_structure& structure_;
	const program_flow& flow_;
	std::vector<chain> below_;
};

} // namespace

refusal check_call_chains(const program_structure& structure, const program_flow& flow) {
	call_chains chains(structure, flow);
	if (refusal wrong = chains.work_out(0, 0))
		return wrong;
	return chains.verdict();
}

} // namespace sockops::vm
