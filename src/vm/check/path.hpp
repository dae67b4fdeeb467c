// SPDX-License-Identifier: MIT
// One way through a program, up to an instruction: registers, frames, what has been taken and not yet given
// back, and how it came there.
#pragma once

#include <array>
#include <vector>

#include "stack.hpp"

namespace sockops::vm::check {

/// What has to be given back before the program ends.
struct taken {
	enum class what : u8 { record, dynptr, numbers, bits, rcu, preemption, interrupts };
	what is;
	u32 id;   ///< of what was taken; of what lies on the stack: its place
	u32 insn; ///< where
};

struct call_frame {
	enum class kind : u8 { entry, global, function, callback };
	kind is = kind::entry;
	u32 back_at = 0;              ///< the instruction after the call
	std::array<known, 4> saved{}; ///< the caller's r6 to r9
	stack_frame stack{};
	std::vector<stack_frame> callers{}; ///< of a callback: what was on their stacks
};

struct held_lock {
	u32 map, id;
	bool operator==(const held_lock&) const = default;
};

struct path {
	/// An instruction, and how the way came there.
	struct place {
		u32 at, way;
	};

	u32 at = 0;
	u32 way = 0; ///< its last step, in the log
	bool is_over = false;
	std::array<known, 11> regs{};
	std::vector<call_frame> frames{};
	std::vector<taken> holding{};
	std::optional<held_lock> lock{};

	call_frame& frame() noexcept { return frames.back(); }
	u32 depth() const noexcept { return static_cast<u32>(frames.size()) - 1; }

	/// Calls each(value) for all registers, also those of callers, and all that the stack keeps.
	template <class Each>
	void for_values(Each each) {
		for (known& reg : regs)
			each(reg);
		for (call_frame& frame : frames) {
			for (known& reg : frame.saved)
				each(reg);
			for (stack_slot& slot : frame.stack.slots)
				if (slot.kept)
					each(slot.value);
		}
	}
	/// After a call: r1 to r5 are not to be read.
	void forget_arguments() noexcept {
		for (unsigned i = 1; i <= 5; ++i)
			regs[i] = known{};
	}
	/// A kernel hands out no pointer twice: the copies of one that was not NULL, or was.
	void settle_null(u32 id, bool is_null);
	/// Pointers into the header lead nowhere any more.
	void forget_packets(const known& now);
	void give_back(u32 id, taken::what is);
	/// All of a kind: which one it is, is not known.
	void give_back_all(taken::what is);
};

} // namespace sockops::vm::check
