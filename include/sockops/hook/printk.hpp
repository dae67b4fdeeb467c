// SPDX-License-Identifier: MIT
// bpf_trace_printk(): a line from a program to whoever debugs it. Lines go to the observers of the
// socket's net (net/observer.hpp), and to stderr if none of them keeps them.
//
//   conversions  %d %i %u %x %X with nothing, l or ll before; %c; %s, %pks and %pus (strings); %p and
//                %pK (16 hex digits), %px; %pi4 %pI4 %pi6 %pI6 (an address in memory); %ps %pS %pB (no
//                symbols here: the address); %%. Flags 0, +, - and space, and a width.
//   refused      a precision, '*', '#', octal, floating point, %n, %h, a control character that is no space
//
// Context: inside the call of a handler, on its thread, as long as writing to stderr or an observer takes.
// bpf_format(): anywhere.
#pragma once

#include <type_traits>

#include <sockops/bpf/bpf_sock_ops.hpp>

namespace sockops {

inline constexpr u32 max_trace_printk_varargs = 3; ///< arguments of bpf_trace_printk()
inline constexpr u32 max_bprintf_buf = 1024;       ///< bytes of a line, the closing NUL included

inline constexpr u32 max_trace_vprintk_varargs = 12; ///< of bpf_trace_vprintk() and bpf_snprintf()

/// How strings and addresses that arguments point to are read: `size` bytes at `address` to `into`, false if
/// they cannot be. read == nullptr: as memory of this process, which a C++ program vouches for.
struct format_memory {
	bool (*read)(void* context, u64 address, void* into, u32 size) noexcept = nullptr;
	void* context = nullptr;
};

/// Writes what the format and its arguments say, cut to `room` bytes with a closing NUL (room > 0).
/// Returns the length that it would have without the cut; -EINVAL if `fmt` has no NUL within `fmt_size`,
/// a conversion is refused, or there are more conversions than arguments.
/// A string that cannot be read is empty, an address 0.
[[nodiscard]] int bpf_format(char* out, u32 room, const char* fmt, u32 fmt_size, const u64* args, u32 nargs,
							 const format_memory& memory = {}) noexcept;

/// The helper as a program's instructions call it: always three argument words; bpf_trace_vprintk() has up
/// to 12. The line's length or -EINVAL, as bpf_format().
int bpf_trace_printk_args(bpf_sock_ops& skops, const char* fmt, u32 fmt_size, const u64* args,
						  u32 nargs = max_trace_printk_varargs, const format_memory& memory = {}) noexcept;

namespace detail {
template <class T>
u64 printk_word(T value) noexcept {
	if constexpr (std::is_pointer_v<T>)
		return reinterpret_cast<std::uintptr_t>(value);
	else
		return static_cast<u64>(value);
}
} // namespace detail

/// bpf_trace_printk(fmt, …): the line's length or -EINVAL, as bpf_format(). Integers and pointers as
/// arguments; of a field of the context its value (+skops.op).
template <class... Args>
int bpf_trace_printk(bpf_sock_ops& skops, const char* fmt, Args... args) noexcept {
	static_assert(sizeof...(Args) <= max_trace_printk_varargs, "bpf_trace_printk() takes three arguments");
	static_assert(((std::is_integral_v<Args> || std::is_enum_v<Args> || std::is_pointer_v<Args>)&&...),
				  "an argument is an integer or a pointer; write +skops.op for a field's value");
	const u64 words[max_trace_printk_varargs] = {detail::printk_word(args)...};
	u32 size = 1;
	while (fmt[size - 1])
		++size;
	return bpf_trace_printk_args(skops, fmt, size, words);
}

} // namespace sockops
