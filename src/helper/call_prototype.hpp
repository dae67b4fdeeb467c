// SPDX-License-Identifier: MIT
// What a call of a helper or kfunc looks like from outside: made of its rule's signature (rule.hpp).
#pragma once

#include <sockops/bpf/c_prototype.hpp>
#include <sockops/bpf/helper_table.hpp>
#include <sockops/bpf/kfunc_table.hpp>

#include "argument_kind.hpp"

namespace sockops::helper {

/// What r0 is after a call.
enum class gives : u8 {
	number,        ///< any, for all that is known before a run
	nothing,       ///< it is not to be read
	map_value,     ///< of the map among the arguments, or NULL
	record,        ///< as many bytes as the amount among the arguments says, to be given back; or NULL
	memory,        ///< a part of what a dynptr shows, as many bytes as the last argument says; or NULL
	next_number,   ///< a pointer to an int, or NULL
	tcp_sock,      ///< struct bpf_tcp_sock, or NULL
	kernel_object, ///< a socket by the kernel's own type, or NULL
	context,       ///< the context by the kernel's own type
	unlike         ///< a pointer by a type that a program chooses
};

struct call_prototype {
	std::string_view name;
	std::array<argument_kind, c_prototype::max_arguments> arguments{};
	u32 count = 0;         ///< of the arguments
	bool is_native = true; ///< false: what it returns has no meaning natively
	gives result = gives::number;
};

/// C's prototype of the table that has the name; "": none has.
constexpr std::string_view text_of(std::string_view name) noexcept {
	if (const bpf_helper* const row = find_helper(name); row && row->id != 0)
		return row->prototype;
	const bpf_kfunc* const row = find_bpf_kfunc(name);
	return row ? row->prototype : std::string_view();
}

} // namespace sockops::helper
