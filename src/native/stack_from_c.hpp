// SPDX-License-Identifier: MIT
// Arguments that a program has on its stack, dynptrs and iterators, and its functions.
#pragma once

#include "from_c.hpp"

namespace sockops::native {

// What a program has on its stack.

/// In place of struct bpf_dynptr: all there is of it, in the open.
struct native_dynptr {
	u8* base;
	u32 size : 24, is_record : 8;
	u32 offset;

	helper::dynptr_state state() const noexcept { return {{base, offset, size}, 0, is_record != 0, 0}; }
	static native_dynptr of(const helper::dynptr_state& from) noexcept {
		return {from.bytes.base, from.bytes.size & helper::max_dynptr_size, from.is_record,
				from.bytes.offset};
	}
};
static_assert(sizeof(native_dynptr) == 16, "struct bpf_dynptr");

template <>
struct from_c<helper::dynptr> {
	from_c() noexcept = default;
	from_c(const from_c&) = delete;
	from_c& operator=(const from_c&) = delete;
	~from_c() {
		if (held)
			*held = native_dynptr::of(state);
	}

	bool take(argument_cursor& at) noexcept {
		held = at.take_pointer_to<native_dynptr>();
		state = held->state();
		return true;
	}
	helper::dynptr get() noexcept { return {state}; }

	native_dynptr* held = nullptr;
	helper::dynptr_state state{};
};
template <>
struct from_c<helper::new_dynptr> : from_c<helper::dynptr> {
	bool take(argument_cursor& at) noexcept {
		held = at.take_pointer_to<native_dynptr>();
		return true;
	}
	helper::new_dynptr get() noexcept { return {{state}}; }
};
/// What is null holds none that could be given back: a record for which there was no room.
template <>
struct from_c<helper::record_dynptr> {
	from_c() noexcept = default;
	from_c(const from_c&) = delete;
	from_c& operator=(const from_c&) = delete;
	~from_c() {
		if (held)
			*held = {};
	}

	bool take(argument_cursor& at) noexcept;
	helper::record_dynptr get() noexcept { return {{state}}; }

	native_dynptr* held = nullptr;
	helper::dynptr_state state{};
};

/// In place of struct bpf_iter_bits. The number that was given last comes first: next_of_iterator is there.
struct native_bits {
	s32 number;
	u32 count : 9, next : 16;
	const u64* words;

	helper::bit_iterator state() const noexcept { return {words, count, next}; }
	void keep(const helper::bit_iterator& from) noexcept {
		words = from.words;
		count = from.count & 0x1ff;
		next = from.next & 0xffff;
	}
};
static_assert(sizeof(native_bits) == 16, "struct bpf_iter_bits");
static_assert(sizeof(helper::number_iterator) == 8, "struct bpf_iter_num");

template <class State>
struct iterator_from_c;
/// In place of struct bpf_iter_num, as it is.
template <>
struct iterator_from_c<helper::number_iterator> {
	helper::number_iterator* held;

	bool take(argument_cursor& at) noexcept {
		held = at.take_pointer_to<helper::number_iterator>();
		return true;
	}
	helper::number_iterator& state() noexcept { return *held; }
};
template <>
struct iterator_from_c<helper::bit_iterator> {
	iterator_from_c() noexcept = default;
	iterator_from_c(const iterator_from_c&) = delete;
	iterator_from_c& operator=(const iterator_from_c&) = delete;
	~iterator_from_c() {
		if (held)
			held->keep(unpacked);
	}

	bool take(argument_cursor& at) noexcept {
		held = at.take_pointer_to<native_bits>();
		unpacked = held->state();
		return true;
	}
	helper::bit_iterator& state() noexcept { return unpacked; }

	native_bits* held = nullptr;
	helper::bit_iterator unpacked{};
};
template <class State>
struct from_c<helper::iterator<State>> : iterator_from_c<State> {
	helper::iterator<State> get() noexcept { return {this->state()}; }
};
template <class State>
struct from_c<helper::new_iterator<State>> : iterator_from_c<State> {
	helper::new_iterator<State> get() noexcept { return {{this->state()}}; }
};
template <class State>
struct from_c<helper::ended_iterator<State>> : iterator_from_c<State> {
	helper::ended_iterator<State> get() noexcept { return {{this->state()}}; }
};

// Functions of the program: as C has them.

template <class Callback>
struct callback_from_c : helper::kept_argument<Callback> {
	bool take(argument_cursor& at) noexcept {
		this->value.call = reinterpret_cast<decltype(Callback::call)>(at.take_pointer());
		this->value.context = at.take_pointer();
		return true;
	}
};
template <>
struct from_c<helper::number_callback> : callback_from_c<helper::number_callback> {};
template <>
struct from_c<helper::element_callback> : callback_from_c<helper::element_callback> {};

} // namespace sockops::native
