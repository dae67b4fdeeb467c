// SPDX-License-Identifier: MIT
// What a register of a helper's call has to be, as far as it can be told before a program runs: where a
// kernel has its ARG_*.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include <sockops/kern/types.hpp>

namespace sockops::helper {

struct argument_kind {
	enum class what : u8 {
		number,          ///< any value
		size,            ///< of the memory in the register before
		amount,          ///< a number that is known before the program runs
		unused,          ///< it need not hold anything
		context,         ///< what the program was given in r1
		kernel_context,  ///< what bpf_cast_to_kern_ctx() returned
		map,             ///< of one of `map_types`
		key,             ///< bytes that are read, as many as the map's key has
		value,           ///< as many bytes as the map's value has, read or written
		memory,          ///< bytes, as many as the size after it says
		variable,        ///< `width` bytes
		constant_string, ///< in a map that nobody writes any more
		socket,          ///< of the call
		lock,            ///< in a value of a map
		record,          ///< that bpf_ringbuf_reserve() gave
		stack_object,    ///< a dynptr or an iterator, of `width` bytes
		function,        ///< of the program
		address,         ///< anything: what does not lead to memory reads as an error
	};
	what is = what::number;
	u8 width = 8; ///< bytes: of a number or size, of a variable, of what lies on the stack
	bool may_be_null = false;
	bool may_be_empty = true;         ///< of a size
	std::span<const u32> map_types{}; ///< bpf_map_type; empty: all

	/// What the call does with the bytes that a pointer leads to.
	enum class use : u8 {
		none,     ///< nothing, or nothing that is the program's
		read,     ///< all of them
		written,  ///< all of them, whatever comes of the call
		text,     ///< read up to a NUL
		searched, ///< written, once a header option's kind, length and magic have been read
		copied,   ///< to the memory that is written, without looking at them
	};
	use bytes = use::none;

	constexpr bool is_pointer() const noexcept {
		return is != what::number && is != what::size && is != what::amount;
	}
};

/// One for each register that an argument takes.
template <std::size_t N>
using kind_list = std::array<argument_kind, N>;

constexpr kind_list<1> one_register(argument_kind kind) noexcept { return {kind}; }
constexpr kind_list<1> one_register(argument_kind::what is, bool may_be_null = false) noexcept {
	return {argument_kind{is, 8, may_be_null}};
}

/// The same argument, of which the bytes are used so.
constexpr argument_kind with(argument_kind kind, argument_kind::use bytes) noexcept {
	kind.bytes = bytes;
	return kind;
}

/// How many bytes an integer type of C has; 0: it is none of those that the tables use.
constexpr u8 width_of(std::string_view type) noexcept {
	if (type == "u8" || type == "char" || type == "bool")
		return 1;
	if (type == "u32" || type == "int")
		return 4;
	return type == "u64" || type == "s64" || type == "long" || type == "unsigned long" ? 8 : 0;
}

constexpr bool is_signed_type(std::string_view type) noexcept {
	return type == "int" || type == "s64" || type == "long" || type == "char";
}

} // namespace sockops::helper
