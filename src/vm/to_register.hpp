// SPDX-License-Identifier: MIT
// What a helper's rule returned, as r0 of an interpreted program.
#pragma once

#include <cstring>

#include <sockops/map/ring_buffer.hpp>

#include "../helper/results.hpp"
#include "from_registers.hpp"

namespace sockops::vm {

inline u64 as_address(const void* at) noexcept { return reinterpret_cast<std::uintptr_t>(at); }

/// What a function of C that returns int leaves in r0 has 0 for its upper half, not the sign.
template <class T>
requires std::is_integral_v<T> u64 to_register(argument_cursor&, T value)
noexcept {
	if constexpr (sizeof(T) == 4)
		return static_cast<u32>(value);
	else
		return static_cast<u64>(value);
}

inline u64 to_register(argument_cursor& of, const helper::found_value& found) noexcept {
	if (found.at)
		of.m.remember(found.at, *found.of);
	return as_address(found.at);
}
inline u64 to_register(argument_cursor& of, const helper::stored_value& found) noexcept {
	if (found.at)
		of.m.grant_memory(found.at, found.size, "a value of bpf_sk_storage_get()");
	return as_address(found.at);
}
inline u64 to_register(argument_cursor& of, const helper::new_record& made) noexcept {
	if (!made.at)
		return 0;
	of.m.grant_memory(made.at, made.size, "a record of bpf_ringbuf_reserve()", true);
	if (of.m.faulted) // too many at a time
		ring_buffer_map::discard(made.at, BPF_RB_NO_WAKEUP);
	return as_address(made.at);
}
inline u64 to_register(argument_cursor&, const helper::part_of_memory& part) noexcept {
	return as_address(part.at);
}

inline u64 to_register(argument_cursor&, const helper::tcp_sock_view& of) noexcept {
	return of.tp ? make_pointer(pointer_kind::tcp_sock, as_address(of.tp)) : 0;
}
inline u64 to_register(argument_cursor&, const helper::kernel_socket& of) noexcept {
	return as_address(of.sk);
}
inline u64 to_register(argument_cursor& of, const helper::kernel_object&) noexcept {
	return of.m.kernel_address(of.r[1]);
}
inline u64 to_register(argument_cursor& of, const helper::kernel_context_address&) noexcept {
	return of.m.kernel_address(of.r[1]);
}

/// The iterator's struct shows the number. A kernel looks at a turn of such a loop, not at all of them: each
/// begins anew.
inline u64 to_register(argument_cursor& of, const helper::next_of_iterator& next) noexcept {
	if (!next.is_there)
		return 0;
	of.m.refill();
	std::memcpy(reinterpret_cast<void*>(static_cast<std::uintptr_t>(of.r[1])), &next.number,
				sizeof next.number);
	return of.r[1];
}

inline u64 to_register(argument_cursor& of, const helper::misuse& found) noexcept {
	if (found.what) [[unlikely]]
		of.m.fault(of.m.at, std::string(of.name) + "()" + found.what);
	return 0;
}

} // namespace sockops::vm
