// SPDX-License-Identifier: MIT
// The open-coded iterators of a run. A program holds a struct on its stack for each; what it stands for is
// kept here under its address, so that nothing can be forged. The struct shows the number that was given
// last.
#pragma once

#include <type_traits>

#include "../helper/iterator_state.hpp"

namespace sockops::vm {

class iterator_table {
  public:
	static constexpr u32 max = 32; ///< at a time

	enum class kind : u8 { numbers, bits };
	struct entry {
		u64 where; ///< the struct of the program
		kind of;
		helper::number_iterator numbers;
		helper::bit_iterator bits; ///< its words are the entry's own
	};
	/// The kind that has this state.
	template <class State>
	static constexpr kind kind_of =
		std::is_same_v<State, helper::number_iterator> ? kind::numbers : kind::bits;
	/// "bpf_iter_num"
	static const char* name_of(kind of) noexcept {
		return of == kind::numbers ? "bpf_iter_num" : "bpf_iter_bits";
	}

	/// nullptr: none was made at `address`.
	entry* find(u64 address) noexcept {
		for (u32 i = 0; i != used_; ++i)
			if (entries_[i].where == address)
				return &entries_[i];
		return nullptr;
	}
	/// `address` has none. nullptr: there are max already.
	entry* make(u64 address, kind of) noexcept {
		if (used_ == max)
			return nullptr;
		entry& made = entries_[used_++];
		made = {address, of, {}, {}};
		return &made;
	}
	void remove(entry& ended) noexcept {
		delete[] ended.bits.words;
		ended = entries_[--used_];
	}
	void clear() noexcept {
		while (used_ != 0)
			remove(entries_[used_ - 1]);
	}
	/// The one that was made first of those that are open; nullptr: none is.
	const entry* first() const noexcept { return used_ != 0 ? entries_ : nullptr; }

  private:
	u32 used_ = 0;
	entry entries_[max];
};

/// The state that a rule works on.
inline helper::number_iterator& state_of(iterator_table::entry& in, helper::number_iterator*) noexcept {
	return in.numbers;
}
inline helper::bit_iterator& state_of(iterator_table::entry& in, helper::bit_iterator*) noexcept {
	return in.bits;
}

} // namespace sockops::vm
