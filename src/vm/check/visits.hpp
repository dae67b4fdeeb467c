// SPDX-License-Identifier: MIT
// What ways have been at an instruction, so that each is looked at once for what it is like: which pointers
// are where, what is held, and, less often, with which numbers.
#pragma once

#include <vector>

#include "path.hpp"

namespace sockops::vm::check {

struct state_number {
	u64 shape = 0;      ///< all but numbers that may be several
	u64 all = 0;        ///< those as well
	bool is_all = true; ///< nothing in it is left out: a kernel knows no more and no less
};

/// `live`: the registers that count, a bit each.
state_number number_of(const path& on, u16 live) noexcept;

class visits {
  public:
	explicit visits(std::size_t instructions) : count_(instructions), shapes_at_(instructions, none) {}

	enum class told : u8 { is_new, seen, enough };
	/// A way has come to an instruction. A state that is seen need not be looked at again; of one shape a
	/// few are enough.
	told note(u32 insn, const state_number& state);
	/// How often ways that were not turned back have been there.
	u32 count(u32 insn) const noexcept { return count_[insn]; }
	void pass(u32 insn) noexcept { ++count_[insn]; }

  private:
	static constexpr u32 none = ~u32{0};
	struct of_shape {
		u64 shape;
		u64 first;               ///< the state that came first
		std::vector<u64> others; ///< and those after it
		u32 next;                ///< another shape at the same instruction; none: this is the last
	};
	std::vector<u32> count_, shapes_at_; ///< by instruction; where in `shapes_` its shapes begin
	std::vector<of_shape> shapes_;
};

} // namespace sockops::vm::check
