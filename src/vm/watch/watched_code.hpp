// SPDX-License-Identifier: MIT
// What a watched program has beside its steps: for each instruction the function that follows it, and how
// often it was come to.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <sockops/vm/prog_load.hpp>

#include "../../helper/call_prototype.hpp"
#include "../step.hpp"
#include "padding.hpp"

namespace sockops::vm {

struct watched_machine;
struct watched_step;

/// Takes the step `at`, and keeps up what is known of the bits that it reads and writes. Returns what the
/// step returns: the next one.
using follow_fn = const step* (*)(watched_machine&, const watched_step&, const step* at) noexcept;

struct watched_step {
	follow_fn follow;
	bpf_insn insn;
	const helper::call_prototype* callee; ///< of a call of a helper or kfunc; else nullptr
};

struct watched_code {
	struct counter {
		std::atomic<u64> executed{0}, jumped{0};
	};

	explicit watched_code(const bpf_prog_load_attr& attr);

	const u64 seed;
	const std::vector<watched_step> steps;
	const std::vector<bpf_stack_variable> variables;
	std::vector<map_padding> padding; ///< by map; written before the program runs
	mutable std::vector<counter> counters;
	mutable std::atomic<u64> runs{0};
};

/// The function for an instruction.
follow_fn follower_of(bpf_insn insn) noexcept;

} // namespace sockops::vm
