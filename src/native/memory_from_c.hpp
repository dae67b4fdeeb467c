// SPDX-License-Identifier: MIT
// Arguments that lead to memory: maps with their keys and values, bytes, texts, any address, sockets, locks.
#pragma once

#include <cstring>
#include <optional>

#include "../helper/unsafe_text.hpp"
#include "from_c.hpp"

namespace sockops::native {

/// The map that a program's variable stands for: native_object has put its address there. Before load():
/// illegal use, nullptr.
bpf_map* map_at(const void* variable, const char* helper) noexcept;
// Illegal uses.

/// Memory that has to be there, and to be more than nothing.
[[gnu::cold]] void refuse_memory(const void* from, const char* helper) noexcept;
[[gnu::cold]] void refuse_type(const bpf_map& map, std::span<const u32> types, const char* helper) noexcept;

// Maps. A bpf_map answers for itself what its type has not.

template <class Map, helper::map_use Use, u32... Types>
struct from_c<helper::map_of<Map, Use, Types...>>
	: helper::kept_argument<helper::map_of<Map, Use, Types...>> {
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
struct pointer_from_c : helper::kept_argument<Argument> {
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
struct from_c<helper::room_for_map_value> : pointer_from_c<helper::room_for_map_value> {};
template <>
struct from_c<helper::reserved_record> : pointer_from_c<helper::reserved_record> {};
template <class T>
struct from_c<helper::result<T>> : pointer_from_c<helper::result<T>> {};

// Memory.

template <class Argument>
struct memory_from_c : helper::kept_argument<Argument> {
	bool take(argument_cursor& at) noexcept {
		auto* const from = at.take_pointer_to<u8>();
		using size_type = decltype(Argument::size);
		if constexpr (std::is_integral_v<size_type>) {
			this->value = {from, static_cast<size_type>(at.take())};
			return true;
		} else {
			this->value = {from, {static_cast<decltype(size_type::bytes)>(at.take())}};
			return (from && this->value.size > 0) || (refuse_memory(from, at.name), false);
		}
	}
};
template <class Size>
struct from_c<helper::memory<Size>> : memory_from_c<helper::memory<Size>> {};
template <class Size>
struct from_c<helper::bounded_text<Size>> : memory_from_c<helper::bounded_text<Size>> {};
template <class Size>
struct from_c<helper::number_text<Size>> : memory_from_c<helper::number_text<Size>> {};
template <class Size>
struct from_c<helper::room<Size>> : memory_from_c<helper::room<Size>> {};
template <>
struct from_c<helper::searched_option> : memory_from_c<helper::searched_option> {};
template <>
struct from_c<helper::optional_room> : memory_from_c<helper::optional_room> {};
template <>
struct from_c<helper::text_room> : memory_from_c<helper::text_room> {};
template <>
struct from_c<helper::room_in_value> : memory_from_c<helper::room_in_value> {};

template <>
struct from_c<helper::known_size> : helper::kept_argument<helper::known_size> {
	bool take(argument_cursor& at) noexcept {
		value = {at.take()};
		return true;
	}
};
template <>
struct from_c<helper::constant_string> : helper::kept_argument<helper::constant_string> {
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
struct from_c<helper::unsafe_memory> : helper::kept_argument<helper::unsafe_memory> {
	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_c<helper::unsafe_words> : helper::kept_argument<helper::unsafe_words> {
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
struct from_c<helper::call_socket> : helper::kept_argument<helper::call_socket> {
	bool take(argument_cursor& at) noexcept {
		native_run* const run = native_run::current(at.name);
		if (run)
			value = {run->socket_at(at.take_pointer())};
		return run;
	}
};
template <>
struct from_c<helper::value_lock> : helper::kept_argument<helper::value_lock> {
	bool take(argument_cursor& at) noexcept {
		value = {at.take_pointer_to<u32>()};
		return true;
	}
};
template <>
struct from_c<helper::irq_flags> : helper::kept_argument<helper::irq_flags> {
	bool take(argument_cursor& at) noexcept {
		value.where = at.take();
		return true;
	}
};
template <>
struct from_c<helper::new_irq_flags> : helper::kept_argument<helper::new_irq_flags> {
	bool take(argument_cursor& at) noexcept {
		u64* const flags = at.take_pointer_to<u64>();
		value.where = at.r[at.next - 1];
		*flags = 0;
		return true;
	}
};

} // namespace sockops::native
