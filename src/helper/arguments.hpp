// SPDX-License-Identifier: MIT
// What a helper's rule takes. Each type says what the registers of a call stand for; how they become that is
// the affair of whoever calls: vm/from_registers.hpp looks at every byte, native/from_c.hpp takes the word of
// the C compiler. `kinds` says for each register what can be told of it before the program runs.
//
// An integer is itself. bpf_sock_ops& is the context that the program was given, bpf_sock_ops* the same or
// null.
#pragma once

#include <cstring>
#include <utility>

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/hook/printk.hpp>
#include <sockops/map/bpf_map.hpp>

#include "../map/type_table.hpp"
#include "argument_kind.hpp"
#include "dynptr_state.hpp"
#include "iterator_state.hpp"

namespace sockops::helper {

using what = argument_kind::what;
using use = argument_kind::use;

/// What the call does with the map's values: BPF_F_WRONLY_PROG or BPF_F_RDONLY_PROG may forbid it.
enum class map_use : u8 { neither, reads, writes };

/// A map of one of these types (bpf_map_type); without any, of every type.
template <class Map, map_use Use, u32... Types>
struct map_of {
	static constexpr std::array<u32, sizeof...(Types)> types{Types...};
	static constexpr auto kinds = one_register({what::map, 8, false, true, types});
	static constexpr map_use use = Use;
	using map_class = Map;

	Map* map;
	void* as_given; ///< what the program has for it

	Map* operator->() const noexcept { return map; }
	Map& operator*() const noexcept { return *map; }
};

template <class Map, map_use Use, const auto& Types, class = std::make_index_sequence<Types.size()>>
struct map_of_array;
template <class Map, map_use Use, const auto& Types, std::size_t... I>
struct map_of_array<Map, Use, Types, std::index_sequence<I...>> {
	using type = map_of<Map, Use, Types[I]...>;
};
/// A map of one of the types whose entries are these (map/type_table.hpp).
template <class Map, map_use Use, map_holds... What>
using map_that_holds = typename map_of_array<Map, Use, sockops::detail::types_that_hold<What...>>::type;

// Of the map that is the argument before them: its key, and a value to be read.
struct map_key {
	static constexpr auto kinds = one_register(with({what::key}, use::read));
	const void* at;
};
struct map_value {
	static constexpr auto kinds = one_register(with({what::value}, use::read));
	const void* at;
};
/// NULL where there is none.
struct optional_map_value {
	static constexpr auto kinds = one_register(with({what::value, 8, true}, use::read));
	const void* at;
};

/// Where one is written.
struct room_for_map_value {
	static constexpr auto kinds = one_register(with({what::value}, use::written));
	void* at;
};

/// A size in bytes that has to be above 0.
template <class T>
struct above_0 {
	T bytes;
	constexpr operator T() const noexcept { return bytes; }
};

/// A pointer to memory and how much of it there is: u32, u64, or one of them above 0.
template <class Size>
constexpr kind_list<2> memory_kinds(use bytes, bool may_be_null = false) noexcept {
	return {with({what::memory, 8, may_be_null}, bytes),
			argument_kind{what::size, sizeof(Size), false, std::is_integral_v<Size>}};
}
template <class Size>
struct memory {
	static constexpr auto kinds = memory_kinds<Size>(use::read);
	const u8* at;
	Size size;
};
/// Memory that is written.
template <class Size>
struct room {
	static constexpr auto kinds = memory_kinds<Size>(use::written);
	u8* at;
	Size size;
};
/// A text of at most so many bytes, which ends at its NUL.
template <class Size>
struct bounded_text {
	static constexpr auto kinds = memory_kinds<Size>(use::text);
	const u8* at;
	Size size;
};
/// A text that begins with a number, of which no more is read than that and what ends it.
template <class Size>
struct number_text {
	static constexpr auto kinds = memory_kinds<Size>(use::none);
	const u8* at;
	Size size;
};
/// A header option: what is searched for, and where it is written when it is found.
struct searched_option {
	static constexpr auto kinds = memory_kinds<above_0<u32>>(use::searched);
	u8* at;
	above_0<u32> size;
};
/// The same, or NULL.
struct optional_room {
	static constexpr auto kinds = memory_kinds<u32>(use::none, true);
	u8* at;
	u32 size;
};
/// Where a text is printed, or NULL.
struct text_room {
	static constexpr auto kinds = memory_kinds<u32>(use::written, true);
	u8* at;
	u32 size;
};
/// Of a map's value alone: whatever else a program has may be taken back.
struct room_in_value {
	static constexpr auto kinds = memory_kinds<u32>(use::none);
	u8* at;
	u32 size;
};
/// A variable that is written: sizeof(T) bytes anywhere.
template <class T>
struct result {
	static constexpr auto kinds = one_register(with({what::variable, sizeof(T)}, use::written));
	void* at;

	void set(T value) const noexcept { std::memcpy(at, &value, sizeof value); }
};

/// A string that cannot change while it is read, as .rodata has them.
struct constant_string {
	static constexpr auto kinds = one_register(what::constant_string);
	const char* text;
	u32 length; ///< without its NUL
};

/// The words that a format's conversions take, and their size in bytes. They were copied.
struct format_words {
	static constexpr auto kinds = memory_kinds<u32>(use::read, true);
	u64 words[max_trace_vprintk_varargs];
	u32 count;
	bool is_valid; ///< false: half a word, too many, or NULL
};
/// The same in the registers r3 to r5.
struct register_words {
	static constexpr kind_list<max_trace_printk_varargs> kinds{
		argument_kind{what::unused}, argument_kind{what::unused}, argument_kind{what::unused}};
	u64 words[max_trace_printk_varargs];
};

/// Bytes where an address leads, which may be anywhere.
struct unsafe_memory {
	static constexpr auto kinds = one_register(with({what::address, 8, true}, use::copied));
	/// Of `size` bytes: 0, or -errno and zeroes in `to`. Of a text: see read_text().
	using read_fn = int (*)(const unsafe_memory& from, u8* to, u32 size) noexcept;

	u64 address;
	void* reader;
	read_fn bytes, text;

	int read(u8* to, u32 size) const noexcept { return bytes(*this, to, size); }
	/// To the NUL, and at most size - 1 bytes: their number with the NUL.
	int read_text(u8* to, u32 size) const noexcept { return text(*this, to, size); }
};
/// Words where an address leads, which are kept until their iterator ends.
struct unsafe_words {
	static constexpr auto kinds = one_register(with({what::address, 8, true}, use::read));
	using keep_fn = int (*)(const unsafe_words& from, u32 count, bit_iterator& in) noexcept;

	u64 address;
	void* reader;
	keep_fn keep_them;

	/// 0 or -errno.
	int keep(u32 count, bit_iterator& in) const noexcept { return keep_them(*this, count, in); }
};

/// A socket of the call by any pointer to it; NULL: none.
struct call_socket {
	static constexpr auto kinds = one_register(what::socket);
	sock_common* sk;
};

/// The bpf_spin_lock of a map's value.
struct value_lock {
	static constexpr auto kinds = one_register(what::lock);
	u32* word;
};

/// A record that bpf_ringbuf_reserve() gave; it is the program's no longer.
struct reserved_record {
	static constexpr auto kinds = one_register(what::record);
	void* at;
};

/// The context, of which nothing is asked.
struct given_context {
	static constexpr auto kinds = one_register(what::context);
};
/// What bpf_cast_to_kern_ctx() returned.
struct kernel_context {
	static constexpr auto kinds = one_register(what::kernel_context);
	bpf_sock_ops& skops;
};

/// How many bytes are to be had: a number that is known before the program runs.
struct known_size {
	static constexpr auto kinds = one_register(what::amount);
	u64 bytes;
};

// A struct bpf_dynptr on the program's stack.
struct dynptr {
	static constexpr auto kinds = one_register({what::stack_object, 16});
	dynptr_state& state;

	dynptr_bytes& bytes() const noexcept { return state.bytes; }
};
/// One that is made, null until it is filled.
struct new_dynptr : dynptr {
	static constexpr auto kinds = one_register(with(dynptr::kinds[0], use::written));
};
/// One that holds a record; it is the program's no longer.
struct record_dynptr : dynptr {};

// A struct bpf_iter_num or bpf_iter_bits on the program's stack.
template <class State>
struct iterator {
	static constexpr auto kinds =
		one_register({what::stack_object, std::is_same_v<State, number_iterator> ? 8 : 16});
	State& state;
};
template <class State>
struct new_iterator : iterator<State> {
	static constexpr auto kinds = one_register(with(iterator<State>::kinds[0], use::written));
};
template <class State>
struct ended_iterator : iterator<State> {};

/// The variable where bpf_local_irq_save() has put what bpf_local_irq_restore() takes.
struct irq_flags {
	static constexpr auto kinds = one_register(what::variable);
	u64 where;
};
/// One that is written.
struct new_irq_flags : irq_flags {
	static constexpr auto kinds = one_register(with(irq_flags::kinds[0], use::written));
};

// A function of the program that is called back, and what it is given beside. It returns 0 to go on.

inline constexpr kind_list<2> callback_kinds{argument_kind{what::function},
											 argument_kind{what::address, 8, true}};

struct number_callback {
	static constexpr auto kinds = callback_kinds;
	int (*call)(u64 index, void* context);
	void* context;

	int operator()(u64 index) const { return call(index, context); }
};
struct element_callback {
	static constexpr auto kinds = callback_kinds;
	int (*call)(void* map, void* key, void* value, void* context);
	void* context;
};

// Of no register: what there is around a call.

/// Whose clock, chance and printk() are the call's.
struct net_of_call {
	static constexpr kind_list<0> kinds{};
	bpf_sock_ops& skops;
};
/// How the strings of a format are read.
struct format_strings {
	static constexpr kind_list<0> kinds{};
	format_memory memory;
};

} // namespace sockops::helper
