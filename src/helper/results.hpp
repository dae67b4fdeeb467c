// SPDX-License-Identifier: MIT
// What a helper's rule returns, beside numbers (an s64 is 0 or -errno, an int the same of a kfunc) and void:
// whoever called makes a pointer of it that the program can use.
#pragma once

#include <type_traits>

#include <sockops/bpf/c_prototype.hpp>
#include <sockops/map/bpf_map.hpp>
#include <sockops/net/tcp_sock.hpp>

#include "argument_kind.hpp"
#include "call_prototype.hpp"

namespace sockops::helper {

/// A value of a map, which the program may write to from now on; NULL: there is none.
struct found_value {
	void* at;
	bpf_map* of;
};
/// A value that a socket has for the program; NULL: there is none.
struct stored_value {
	void* at;
	u32 size; ///< bytes
};
/// A record of a ring buffer, which has to be given back; NULL: there was no room.
struct new_record {
	void* at;
	u64 size; ///< bytes
};
/// Memory that the program has already; NULL: none.
struct part_of_memory {
	u8* at;
};
/// struct bpf_tcp_sock; NULL: it is no full TCP socket.
struct tcp_sock_view {
	tcp_sock* tp;
};
/// A socket as the kernel's own type has it; NULL: it is of another kind.
struct kernel_socket {
	const void* sk;
};
/// What lies at the place of the first argument, a context or socket, as the kernel has it.
struct kernel_object {};
/// The context as the kernel has it.
struct kernel_context_address {};

/// The number that an iterator gives, where the program reads it; or that there is none.
struct next_of_iterator {
	bool is_there;
	s32 number;
};

/// What the program has done wrong, in words after "name()"; nullptr: nothing.
struct misuse {
	const char* what;
};

/// The kernel's own types have members at places that only a kernel's BTF tells: natively compiled code has
/// no use for them.
template <class Result>
inline constexpr bool is_native_result =
	!std::is_same_v<Result, kernel_socket> && !std::is_same_v<Result, kernel_object>;

/// What a rule's result is to whoever looks at calls before they are made.
template <class Result>
constexpr gives what_it_gives() noexcept {
	if constexpr (std::is_void_v<Result> || std::is_same_v<Result, misuse>)
		return gives::nothing;
	else if constexpr (std::is_same_v<Result, found_value> || std::is_same_v<Result, stored_value>)
		return gives::map_value;
	else if constexpr (std::is_same_v<Result, new_record>)
		return gives::record;
	else if constexpr (std::is_same_v<Result, part_of_memory>)
		return gives::memory;
	else if constexpr (std::is_same_v<Result, next_of_iterator>)
		return gives::next_number;
	else if constexpr (std::is_same_v<Result, tcp_sock_view>)
		return gives::tcp_sock;
	else if constexpr (std::is_same_v<Result, kernel_socket>)
		return gives::kernel_object;
	else if constexpr (std::is_same_v<Result, kernel_context_address>)
		return gives::context;
	else if constexpr (std::is_same_v<Result, kernel_object>)
		return gives::unlike;
	else
		return gives::number;
}

/// Does a function of C with such a result, "long" or "void *", say the same? What the program has done wrong
/// stands in no result: 0 or nothing.
template <class Result>
constexpr bool result_agrees(const c_declaration& in_c) noexcept {
	if constexpr (std::is_void_v<Result>)
		return in_c.type == "void";
	else if constexpr (std::is_same_v<Result, misuse>)
		return in_c.type == "void" || in_c.type == "long";
	else if constexpr (std::is_integral_v<Result>)
		return width_of(in_c.type) == sizeof(Result) &&
			   (sizeof(Result) == 1 || is_signed_type(in_c.type) == std::is_signed_v<Result>);
	else
		return in_c.is_pointer();
}

} // namespace sockops::helper
