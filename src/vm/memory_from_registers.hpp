// SPDX-License-Identifier: MIT
// Arguments that lead to memory: maps with their keys and values, bytes, texts, addresses that may be
// anything, sockets, locks, records.
#pragma once

#include <optional>

#include "../helper/unsafe_text.hpp"
#include "from_registers.hpp"

namespace sockops::vm {

// Faults, in words.
[[gnu::cold]] void refuse_type(argument_cursor& at, const bpf_map& map, std::span<const u32> types) noexcept;
[[gnu::cold]] void refuse_use(argument_cursor& at, const bpf_map& map, helper::map_use use) noexcept;
[[gnu::cold]] void refuse_size(argument_cursor& at, s64 size) noexcept;

// Maps, their keys and values.

template <class Map, helper::map_use Use, u32... Types>
struct from_registers<helper::map_of<Map, Use, Types...>>
	: helper::kept_argument<helper::map_of<Map, Use, Types...>> {
	using argument = helper::map_of<Map, Use, Types...>;
	static constexpr u64 allowed = argument::types.empty() ? ~u64{0} : ((u64{1} << Types) | ... | u64{0});
	static constexpr u32 forbidden_by =
		Use == helper::map_use::neither
			? 0u
			: u32{Use == helper::map_use::reads ? BPF_F_WRONLY_PROG : BPF_F_RDONLY_PROG};

	bool take(argument_cursor& at) noexcept {
		const u64 given = at.take();
		bpf_map* const map = at.m.map_of(given, at.name);
		if (!map)
			return false;
		if (!(allowed >> map->attr.map_type & 1)) [[unlikely]]
			return refuse_type(at, *map, argument::types), false;
		if (map->attr.map_flags & forbidden_by) [[unlikely]]
			return refuse_use(at, *map, Use), false;
		at.map = map;
		this->value = {static_cast<Map*>(map), reinterpret_cast<void*>(static_cast<std::uintptr_t>(given))};
		return true;
	}
};
template <>
struct from_registers<helper::map_key> : helper::kept_argument<helper::map_key> {
	bool take(argument_cursor& at) noexcept {
		value.at = at.m.readable(at.take(), at.map->attr.key_size, at.name);
		return value.at;
	}
};
template <>
struct from_registers<helper::map_value> : helper::kept_argument<helper::map_value> {
	bool take(argument_cursor& at) noexcept {
		value.at = at.m.readable(at.take(), at.map->attr.value_size, at.name);
		return value.at;
	}
};
template <>
struct from_registers<helper::optional_map_value> : helper::kept_argument<helper::optional_map_value> {
	bool take(argument_cursor& at) noexcept {
		const u64 given = at.take();
		value.at = given ? at.m.readable(given, at.map->attr.value_size, at.name) : nullptr;
		return value.at || given == 0;
	}
};
template <>
struct from_registers<helper::room_for_map_value> : helper::kept_argument<helper::room_for_map_value> {
	bool take(argument_cursor& at) noexcept {
		value.at = at.m.writable(at.take(), at.map->attr.value_size, at.name);
		return value.at;
	}
};

// Memory.

template <class Size>
bool take_size(argument_cursor& at, Size& size) noexcept {
	size = static_cast<Size>(at.take());
	return true;
}
template <class T>
bool take_size(argument_cursor& at, helper::above_0<T>& size) noexcept {
	size.bytes = static_cast<T>(at.take());
	return size.bytes > 0 || (refuse_size(at, static_cast<s64>(size.bytes)), false);
}
/// One that has been taken is not negative.
constexpr u64 in_bytes(auto size) noexcept { return static_cast<u64>(size); }

template <class Argument>
struct readable_from_registers : helper::kept_argument<Argument> {
	bool take(argument_cursor& at) noexcept {
		const u64 address = at.take();
		if (!take_size(at, this->value.size))
			return false;
		this->value.at = at.m.readable(address, in_bytes(this->value.size), at.name);
		return this->value.at;
	}
};
template <class Size>
struct from_registers<helper::memory<Size>> : readable_from_registers<helper::memory<Size>> {};
template <class Size>
struct from_registers<helper::bounded_text<Size>> : readable_from_registers<helper::bounded_text<Size>> {};
template <class Size>
struct from_registers<helper::number_text<Size>> : readable_from_registers<helper::number_text<Size>> {};
template <class Room, class Size>
bool take_room(argument_cursor& at, u64 address, Room& value, Size& size) noexcept {
	if (!take_size(at, size))
		return false;
	value.at = at.m.writable(address, in_bytes(size), at.name);
	return value.at;
}
template <class Size>
struct from_registers<helper::room<Size>> : helper::kept_argument<helper::room<Size>> {
	bool take(argument_cursor& at) noexcept {
		return take_room(at, at.take(), this->value, this->value.size);
	}
};
template <>
struct from_registers<helper::searched_option> : helper::kept_argument<helper::searched_option> {
	bool take(argument_cursor& at) noexcept { return take_room(at, at.take(), value, value.size); }
};
template <class Room>
struct optional_room_from_registers : helper::kept_argument<Room> {
	bool take(argument_cursor& at) noexcept {
		const u64 address = at.take();
		if (address != 0)
			return take_room(at, address, this->value, this->value.size);
		this->value.at = nullptr;
		return take_size(at, this->value.size);
	}
};
template <>
struct from_registers<helper::optional_room> : optional_room_from_registers<helper::optional_room> {};
template <>
struct from_registers<helper::text_room> : optional_room_from_registers<helper::text_room> {};
template <>
struct from_registers<helper::room_in_value> : helper::kept_argument<helper::room_in_value> {
	bool take(argument_cursor& at) noexcept;
};
template <class T>
struct from_registers<helper::result<T>> : helper::kept_argument<helper::result<T>> {
	bool take(argument_cursor& at) noexcept {
		this->value.at = at.m.writable(at.take(), sizeof(T), at.name);
		return this->value.at;
	}
};
template <>
struct from_registers<helper::constant_string> : helper::kept_argument<helper::constant_string> {
	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_registers<helper::format_words> {
	helper::format_words value;

	bool take(argument_cursor& at) noexcept;
	const helper::format_words& get() const noexcept { return value; }
};
template <>
struct from_registers<helper::register_words> {
	helper::register_words value;

	bool take(argument_cursor& at) noexcept {
		for (u64& each : value.words)
			each = at.take();
		return true;
	}
	const helper::register_words& get() const noexcept { return value; }
};

template <>
struct from_registers<helper::known_size> : helper::kept_argument<helper::known_size> {
	bool take(argument_cursor& at) noexcept {
		value.bytes = at.take();
		return true;
	}
};

// Addresses that may be anything.

template <>
struct from_registers<helper::unsafe_memory> : helper::kept_argument<helper::unsafe_memory> {
	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_registers<helper::unsafe_words> : helper::kept_argument<helper::unsafe_words> {
	bool take(argument_cursor& at) noexcept;
};
/// What it took to read counts as instructions.
template <>
struct from_registers<helper::unsafe_text&> {
	from_registers() noexcept = default;
	from_registers(const from_registers&) = delete;
	from_registers& operator=(const from_registers&) = delete;
	~from_registers();

	bool take(argument_cursor& at) noexcept;
	helper::unsafe_text& get() noexcept { return *text; }

	machine* m = nullptr;
	std::optional<helper::unsafe_text> text;
};

// Sockets, locks, records.

template <>
struct from_registers<helper::call_socket> : helper::kept_argument<helper::call_socket> {
	bool take(argument_cursor& at) noexcept {
		value.sk = at.m.socket_of(at.take(), at.name);
		return !at.m.faulted;
	}
};
template <>
struct from_registers<helper::value_lock> : helper::kept_argument<helper::value_lock> {
	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_registers<helper::reserved_record> : helper::kept_argument<helper::reserved_record> {
	bool take(argument_cursor& at) noexcept;
};
template <>
struct from_registers<helper::irq_flags> : helper::kept_argument<helper::irq_flags> {
	bool take(argument_cursor& at) noexcept {
		value.where = at.take();
		return true;
	}
};
template <>
struct from_registers<helper::new_irq_flags> : helper::kept_argument<helper::new_irq_flags> {
	bool take(argument_cursor& at) noexcept {
		value.where = at.take();
		return at.m.writable(value.where, sizeof(u64), at.name);
	}
};

} // namespace sockops::vm
