// SPDX-License-Identifier: MIT
// Arguments that stand for something of the machine's: dynptrs and iterators, which a program has on its
// stack, and its functions.
#pragma once

#include "from_registers.hpp"

namespace sockops::vm {

// What a program has on its stack for the machine's.

template <>
struct from_registers<helper::dynptr> {
	dynptr_table::entry* found = nullptr;

	bool take(argument_cursor& at) noexcept;
	helper::dynptr get() const noexcept { return {*found}; }
};
template <>
struct from_registers<helper::new_dynptr> {
	from_registers() noexcept = default;
	from_registers(const from_registers&) = delete;
	from_registers& operator=(const from_registers&) = delete;
	~from_registers();

	bool take(argument_cursor& at) noexcept;
	helper::new_dynptr get() noexcept { return {{state}}; }

	machine* m = nullptr;
	dynptr_table::entry* made = nullptr;
	helper::dynptr_state state{}; ///< until the end: what is copied may be in the same place
};
template <>
struct from_registers<helper::record_dynptr> {
	from_registers() noexcept = default;
	from_registers(const from_registers&) = delete;
	from_registers& operator=(const from_registers&) = delete;
	~from_registers();

	bool take(argument_cursor& at) noexcept;
	helper::record_dynptr get() const noexcept { return {{*held}}; }

	machine* m = nullptr;
	dynptr_table::entry* held = nullptr;
};

/// The iterator at the address that is taken; nullptr, and a fault, where none of its kind was begun, or, for
/// a new one, where it cannot be.
iterator_table::entry* take_new_iterator(argument_cursor& at, iterator_table::kind of) noexcept;
iterator_table::entry* take_iterator(argument_cursor& at, iterator_table::kind of) noexcept;

template <class State>
struct from_registers<helper::new_iterator<State>> {
	iterator_table::entry* made;

	bool take(argument_cursor& at) noexcept {
		made = take_new_iterator(at, iterator_table::kind_of<State>);
		return made;
	}
	helper::new_iterator<State> get() const noexcept {
		return {{state_of(*made, static_cast<State*>(nullptr))}};
	}
};
template <class State>
struct from_registers<helper::iterator<State>> {
	iterator_table::entry* begun;

	bool take(argument_cursor& at) noexcept {
		begun = take_iterator(at, iterator_table::kind_of<State>);
		return begun;
	}
	helper::iterator<State> get() const noexcept { return {state_of(*begun, static_cast<State*>(nullptr))}; }
};
/// Its rule has nothing to say about what the entry holds: it is the machine's.
template <class State>
struct from_registers<helper::ended_iterator<State>> {
	State nothing{};

	bool take(argument_cursor& at) noexcept {
		iterator_table::entry* const ended = take_iterator(at, iterator_table::kind_of<State>);
		if (ended)
			at.m.iterators.remove(*ended);
		return ended;
	}
	helper::ended_iterator<State> get() noexcept { return {{nothing}}; }
};

// Functions of the program.

/// The instruction where it begins, and what it is given.
struct taken_callback {
	machine* m;
	u32 insn;
	u64 context;

	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_registers<helper::number_callback> : taken_callback {
	helper::number_callback get() noexcept;
};
template <>
struct from_registers<helper::element_callback> : taken_callback {
	helper::element_callback get() noexcept;
};

} // namespace sockops::vm
