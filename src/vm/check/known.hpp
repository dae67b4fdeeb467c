// SPDX-License-Identifier: MIT
// What a register or a place on the stack holds on one way through a program, as a kernel sees it.
#pragma once

#include "values.hpp"

namespace sockops::vm::check {

enum class holds : u8 {
	unset,         ///< nobody has written it on this way
	anything,      ///< it is not known: nothing is refused for it
	number,        ///< one of `values`
	context,       ///< struct bpf_sock_ops *
	frame,         ///< of the stack, from r10 of the frame `which`
	map,           ///< `which`: its index
	map_value,     ///< of the map `which`
	record,        ///< `which` bytes of a ring buffer, to be given back
	memory,        ///< `which` bytes
	key,           ///< `which` bytes that can only be read
	packet,        ///< the header, of which `which` bytes are known to be there
	packet_end,    ///< skb_data_end
	sock,          ///< struct bpf_sock *
	tcp_sock,      ///< struct bpf_tcp_sock *
	kernel_object, ///< an object by a type of the kernel's BTF
	function,      ///< of the program, at instruction `which`
};

/// Where a pointer into a packet was found to lead when it was compared with the packet's end.
enum class past_end : u8 { not_known, there_or_beyond, beyond };

struct known {
	holds is = holds::unset;
	bool may_be_null = false;
	/// Of a number with copies: what is said of them is of the lower 32 bits, the others are 0.
	bool by_half = false;
	past_end past = past_end::not_known; ///< of a packet
	/// A kernel may not know it as one number, though one value is all that is left here; of a pointer: such
	/// a number has been added.
	bool varies = false;
	u32 which = 0;
	/// Those that have it too are copies; 0: nobody. Of a number: but for what `fixed` says.
	u32 id = 0;
	/// Bytes from where the pointer first led, without `values`; of a number: from the other copies.
	s64 fixed = 0;
	/// The number; or what has been added to a pointer and varies: one(0), nothing.
	some_values values{};

	bool is_pointer() const noexcept { return is > holds::number; }
	/// A number that a kernel knows, too.
	bool is_constant() const noexcept { return is == holds::number && !varies; }
	bool is_number(u64 value) const noexcept { return is == holds::number && values.is(value); }
	bool has_moved() const noexcept { return fixed != 0 || !values.is(0); }
};

/// `which` of the kernel_object that the context is.
inline constexpr u32 kernel_context = 1;
inline constexpr known not_known{holds::anything};
constexpr known number(some_values values) noexcept {
	known made{holds::number};
	made.values = values;
	made.varies = !values.is_one();
	return made;
}
constexpr known number(u64 value) noexcept { return number(one(value)); }
constexpr known pointer(holds to, u32 which = 0) noexcept {
	known made{to};
	made.which = which;
	return made;
}

} // namespace sockops::vm::check
