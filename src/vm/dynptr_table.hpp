// SPDX-License-Identifier: MIT
// The dynptrs of a run. A program holds 16 bytes of its stack for each; what they stand for is kept here
// under their address, so that nothing can be forged.
#pragma once

#include <sockops/map/ring_buffer.hpp>

#include "../helper/dynptr_state.hpp"

namespace sockops::vm {

class dynptr_table {
  public:
	static constexpr u32 max = 8; ///< at a time

	struct entry : helper::dynptr_state {
		u64 where; ///< the 16 bytes of the program
	};

	bool empty() const noexcept { return used_ == 0; }
	const entry* begin() const noexcept { return entries_; }
	const entry* end() const noexcept { return entries_ + used_; }

	/// nullptr: none was made at `address`.
	entry* find(u64 address) noexcept {
		for (u32 i = 0; i != used_; ++i)
			if (entries_[i].where == address)
				return &entries_[i];
		return nullptr;
	}
	/// What there is at `address`, or a new one, null; nullptr: there are max already.
	entry* make(u64 address) noexcept {
		entry* const before = find(address);
		if (before || used_ == max)
			return before;
		entries_[used_] = {{}, address};
		return &entries_[used_++];
	}
	/// A record is held under a number that its clones take over.
	void put(entry& in, const helper::dynptr_state& state) noexcept {
		static_cast<helper::dynptr_state&>(in) = state;
		if (in.is_record && in.record_id == 0)
			in.record_id = ++records_ever_;
	}
	/// The dynptr of a record and its clones are no more.
	void forget_record(u32 id) noexcept {
		for (u32 i = 0; i != used_;)
			if (entries_[i].is_record && entries_[i].record_id == id)
				entries_[i] = entries_[--used_];
			else
				++i;
	}
	/// Discards the records, and forgets all of them.
	void clear() noexcept {
		while (used_ != 0) {
			const entry last = entries_[used_ - 1];
			if (last.is_record && last.bytes.base)
				ring_buffer_map::discard(last.bytes.base, 0);
			if (last.is_record)
				forget_record(last.record_id);
			else
				--used_;
		}
	}
	bool holds_record() const noexcept {
		for (const entry& each : *this)
			if (each.is_record)
				return true;
		return false;
	}

  private:
	u32 used_ = 0;
	u32 records_ever_ = 0; ///< that dynptrs were reserved for
	entry entries_[max];
};

} // namespace sockops::vm
