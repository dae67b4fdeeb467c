// SPDX-License-Identifier: MIT
// The members of socket_fields by their names in a timeline, and where each is in a socket.
#pragma once

#include <span>
#include <string_view>

#include <sockops/testing/socket_fields.hpp>

namespace sockops::testing {

struct socket_field {
	/// How its value is written.
	enum class form : u8 { number, state, flags, address, cgroup };

	std::string_view name;
	form is;
	u64 most;                                           ///< of a number
	void (*read)(socket_fields& into, u64 value);       ///< number, state, flags
	void (*set)(tcp_sock& sk, const socket_fields& of); ///< nullptr: it is none of the socket's own numbers
};

/// All of them; `local` and `remote` are two members each.
[[nodiscard]] std::span<const socket_field> socket_field_table() noexcept;

/// Those whose bits are set in `given`, by their order in the table: throws as set_fields().
void set_fields(tcp_sock& sk, const socket_fields& with, u32 given);

} // namespace sockops::testing
