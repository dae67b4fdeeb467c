// SPDX-License-Identifier: MIT
// How ways came to where they are: each step knows the one before it, so that ways that part share what they
// have in common.
#pragma once

#include <vector>

#include <sockops/vm/prog_load.hpp>

namespace sockops::vm::check {

class way_log {
  public:
	enum class step : u8 { begin, taken, not_taken, call, callback, returned, met };
	struct entry {
		u32 before = 0; ///< the step before; the first is its own
		u32 insn = 0;
		step is = step::begin;
		u64 state = 0; ///< of `met`: what was known there, in one number
	};

	/// The number of a new way's first step.
	u32 begin(u32 insn) { return add(0, insn, step::begin); }
	u32 add(u32 before, u32 insn, step is, u64 state = 0) {
		entries_.push_back({before, insn, is, state});
		return static_cast<u32>(entries_.size() - 1);
	}
	/// Has the way been at the instruction with the same state before?
	bool came_by(u32 last, u32 insn, u64 state) const noexcept;

	/// The steps of a way, in order.
	std::vector<entry> steps_to(u32 last) const;

  private:
	std::vector<entry> entries_{{}};
};

/// For people: "taken: if (r0 == 0)", with lines.
std::vector<bpf_way_step> in_words(const way_log& log, u32 last, const bpf_prog_load_attr& attr);

} // namespace sockops::vm::check
