// SPDX-License-Identifier: MIT
// A frame of the stack on one way: what has been stored in each 8-byte slot. A slot that is not in the list
// was never written, and reads as an unknown number.
#pragma once

#include <vector>

#include "known.hpp"

namespace sockops::vm::check {

struct stack_slot {
	u8 at = 0;      ///< from r10 - 512 on, in slots
	u8 kept = 0;    ///< that many bytes, from the slot's beginning, are `value`; 0: none
	u8 zeroes = 0;  ///< a bit a byte: 0 was stored there
	u8 unclear = 0; ///< a bit a byte: it may be anything, for all that is known
	known value{};
};

class stack_frame {
  public:
	/// What `size` bytes at `from` (bytes from r10, negative, aligned to their size) hold; nullopt: a part
	/// of a pointer.
	std::optional<known> load(s64 from, u32 size) const;
	void store(s64 from, u32 size, const known& value);
	/// Something was written to these bytes: an unknown number, or what is not known at all.
	void overwrite(s64 from, u64 size, bool with_numbers);

	/// The slot in which the byte is; nullptr: it was never written.
	const stack_slot* find(s64 from) const noexcept;

	std::vector<stack_slot> slots;

  private:
	stack_slot& slot_of(s64 from);
};

} // namespace sockops::vm::check
