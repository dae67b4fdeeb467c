// SPDX-License-Identifier: MIT
// How the arguments of a natively compiled program become those of a helper's rule: one class an argument
// type. What the C compiler has let through is believed; what a program can get wrong all the same (no map
// yet, a context that is not the call's) is an illegal use. get() is what the rule is given; what has to be
// done when the rule has returned is done at the end.
#pragma once

#include <cerrno>
#include <cstring>
#include <optional>

#include "../helper/arguments.hpp"
#include "../helper/unsafe_text.hpp"
#include "native_run.hpp"

namespace sockops::native {

/// The arguments of one call, as words, in their order from r[1] on.
struct argument_cursor {
	const u64* r;
	const char* name; ///< of the helper
	u32 next = 1;

	u64 take() noexcept { return r[next++]; }
	void* take_pointer() noexcept { return reinterpret_cast<void*>(static_cast<std::uintptr_t>(take())); }
	template <class T>
	T* take_pointer_to() noexcept {
		return static_cast<T*>(take_pointer());
	}
};

/// The map that a program's variable stands for: native_object has put its address there. Before load():
/// illegal use, nullptr.
bpf_map* map_at(const void* variable, const char* helper) noexcept;
/// Illegal use.
[[gnu::cold]] void refuse_type(const bpf_map& map, std::span<const u32> types, const char* helper) noexcept;

template <class T>
struct from_c;

template <class T>
struct kept_argument {
	T value;
	T get() const noexcept { return value; }
};

template <class T>
requires std::is_integral_v<T>
struct from_c<T> : kept_argument<T> {
	bool take(argument_cursor& at) noexcept {
		this->value = static_cast<T>(at.take());
		return true;
	}
};

// The context, and what there is around a call.

template <>
struct from_c<bpf_sock_ops&> {
	std::optional<context_window> window;
	std::optional<bpf_sock_ops> skops;

	bool take(argument_cursor& at) noexcept {
		window.emplace(at.take_pointer(), at.name);
		if (!*window)
			return false;
		skops.emplace(window->view());
		return true;
	}
	bpf_sock_ops& get() noexcept { return *skops; }
};
template <>
struct from_c<bpf_sock_ops*> {
	from_c<bpf_sock_ops&> given;

	bool take(argument_cursor& at) noexcept { return at.r[at.next] == 0 ? ++at.next : given.take(at); }
	bpf_sock_ops* get() noexcept { return given.skops ? &*given.skops : nullptr; }
};
template <>
struct from_c<helper::given_context> : kept_argument<helper::given_context> {
	bool take(argument_cursor& at) noexcept { return native_run::of_context(at.take_pointer(), at.name); }
};
/// Natively bpf_cast_to_kern_ctx() returns the context itself.
template <>
struct from_c<helper::kernel_context> {
	from_c<bpf_sock_ops&> given;

	bool take(argument_cursor& at) noexcept { return given.take(at); }
	helper::kernel_context get() noexcept { return {given.get()}; }
};
template <>
struct from_c<helper::net_of_call> {
	std::optional<bpf_sock_ops> skops;

	bool take(argument_cursor& at) noexcept {
		native_run* const run = native_run::current(at.name);
		if (run)
			skops.emplace(run->kern());
		return run;
	}
	helper::net_of_call get() noexcept { return {*skops}; }
};
template <>
struct from_c<helper::section_state&> {
	native_run* run;

	bool take(argument_cursor& at) noexcept {
		run = native_run::current(at.name);
		return run;
	}
	helper::section_state& get() const noexcept { return run->sections; }
};
template <>
struct from_c<helper::format_strings> : kept_argument<helper::format_strings> {
	bool take(argument_cursor&) noexcept { return true; }
};

// Maps. A bpf_map answers for itself what its type has not.

template <class Map, helper::map_use Use, u32... Types>
struct from_c<helper::map_of<Map, Use, Types...>> : kept_argument<helper::map_of<Map, Use, Types...>> {
	bool take(argument_cursor& at) noexcept {
		void* const variable = at.take_pointer();
		bpf_map* const map = map_at(variable, at.name);
		if (!map)
			return false;
		if constexpr (!std::is_same_v<Map, bpf_map>)
			if (((map->attr.map_type != Types) && ...)) [[unlikely]]
				return refuse_type(*map, this->value.types, at.name), false;
		this->value = {static_cast<Map*>(map), variable};
		return true;
	}
};

/// A pointer that is believed.
template <class Argument>
struct pointer_from_c : kept_argument<Argument> {
	bool take(argument_cursor& at) noexcept {
		this->value = {static_cast<decltype(Argument::at)>(at.take_pointer())};
		return true;
	}
};
template <>
struct from_c<helper::map_key> : pointer_from_c<helper::map_key> {};
template <>
struct from_c<helper::map_value> : pointer_from_c<helper::map_value> {};
template <>
struct from_c<helper::optional_map_value> : pointer_from_c<helper::optional_map_value> {};
template <>
struct from_c<helper::reserved_record> : pointer_from_c<helper::reserved_record> {};
template <class T>
struct from_c<helper::result<T>> : pointer_from_c<helper::result<T>> {};

// Memory.

template <class Argument>
struct memory_from_c : kept_argument<Argument> {
	bool take(argument_cursor& at) noexcept {
		auto* const from = at.take_pointer_to<u8>();
		using size_type = decltype(Argument::size);
		if constexpr (std::is_integral_v<size_type>)
			this->value = {from, static_cast<size_type>(at.take())};
		else
			this->value = {from, {static_cast<decltype(size_type::bytes)>(at.take())}};
		return true;
	}
};
template <class Size>
struct from_c<helper::memory<Size>> : memory_from_c<helper::memory<Size>> {};
template <class Size>
struct from_c<helper::room<Size>> : memory_from_c<helper::room<Size>> {};
template <>
struct from_c<helper::optional_room> : memory_from_c<helper::optional_room> {};
template <>
struct from_c<helper::room_in_value> : memory_from_c<helper::room_in_value> {};

template <>
struct from_c<helper::known_size> : kept_argument<helper::known_size> {
	bool take(argument_cursor& at) noexcept {
		value = {at.take()};
		return true;
	}
};
template <>
struct from_c<helper::constant_string> : kept_argument<helper::constant_string> {
	bool take(argument_cursor& at) noexcept {
		const char* const text = at.take_pointer_to<const char>();
		value = {text, static_cast<u32>(std::strlen(text))};
		return true;
	}
};
template <>
struct from_c<helper::format_words> {
	helper::format_words value;

	bool take(argument_cursor& at) noexcept {
		const void* const from = at.take_pointer();
		const auto bytes = static_cast<u32>(at.take());
		value.count = bytes / 8;
		value.is_valid = bytes % 8 == 0 && bytes <= sizeof value.words && (bytes == 0 || from);
		if (value.is_valid && bytes != 0)
			std::memcpy(value.words, from, bytes);
		return true;
	}
	const helper::format_words& get() const noexcept { return value; }
};

// Addresses that may be anything: natively any but NULL is one of this process; what is not readable ends it,
// and a debugger shows where.

template <>
struct from_c<helper::unsafe_memory> : kept_argument<helper::unsafe_memory> {
	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_c<helper::unsafe_words> : kept_argument<helper::unsafe_words> {
	/// They are read where they are, as they are then.
	bool take(argument_cursor& at) noexcept {
		value = {at.take(), nullptr,
				 [](const helper::unsafe_words& from, u32 count, helper::bit_iterator& in) noexcept {
					 in = {reinterpret_cast<const u64*>(static_cast<std::uintptr_t>(from.address)), count, 0};
					 return 0;
				 }};
		return true;
	}
};
template <>
struct from_c<helper::unsafe_text&> {
	std::optional<helper::unsafe_text> text;

	bool take(argument_cursor& at) noexcept {
		constexpr u32 all = ~u32{0};
		const auto* const bytes = at.take_pointer_to<const u8>();
		text.emplace(at.r[at.next - 1], nullptr, [](helper::unsafe_text&, u32) noexcept { return false; });
		text->hold(bytes, 0, bytes ? all : 0);
		return true;
	}
	helper::unsafe_text& get() noexcept { return *text; }
};

// Sockets and locks.

template <>
struct from_c<helper::call_socket> : kept_argument<helper::call_socket> {
	bool take(argument_cursor& at) noexcept {
		native_run* const run = native_run::current(at.name);
		if (run)
			value = {run->socket_at(at.take_pointer())};
		return run;
	}
};
template <>
struct from_c<helper::value_lock> : kept_argument<helper::value_lock> {
	bool take(argument_cursor& at) noexcept {
		value = {at.take_pointer_to<u32>()};
		return true;
	}
};
template <>
struct from_c<helper::irq_flags> : kept_argument<helper::irq_flags> {
	bool take(argument_cursor& at) noexcept {
		value = {at.take()};
		return true;
	}
};

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
	helper::dynptr_state state;
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
	helper::dynptr_state state;
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
	helper::bit_iterator unpacked;
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
struct callback_from_c : kept_argument<Callback> {
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
