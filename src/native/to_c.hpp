// SPDX-License-Identifier: MIT
// What a helper's rule returned, as the word that a natively compiled program gets.
#pragma once

#include <cstring>

#include "../helper/results.hpp"
#include "from_c.hpp"

namespace sockops::native {

inline u64 as_word(const void* at) noexcept { return reinterpret_cast<std::uintptr_t>(at); }
template <class T>
requires std::is_integral_v<T> u64 as_word(T value)
noexcept { return static_cast<u64>(value); }

template <class T>
requires std::is_integral_v<T> u64 to_c(argument_cursor&, T value)
noexcept { return as_word(value); }

/// The program may write to it from now on.
inline u64 to_c(argument_cursor&, const helper::found_value& found) noexcept {
	if (found.at)
		found.of->tell_observers_of_value(found.at);
	return as_word(found.at);
}
inline u64 to_c(argument_cursor&, const helper::stored_value& found) noexcept { return as_word(found.at); }
inline u64 to_c(argument_cursor&, const helper::new_record& made) noexcept { return as_word(made.at); }
inline u64 to_c(argument_cursor&, const helper::part_of_memory& part) noexcept { return as_word(part.at); }
inline u64 to_c(argument_cursor& of, const helper::tcp_sock_view& view) noexcept {
	native_run* const run = view.tp ? native_run::current(of.name) : nullptr;
	return run ? as_word(run->show(*view.tp)) : 0;
}
inline u64 to_c(argument_cursor& of, const helper::kernel_context_address&) noexcept { return of.r[1]; }

/// The struct of the program begins with it.
inline u64 to_c(argument_cursor& of, const helper::next_of_iterator& next) noexcept {
	if (!next.is_there)
		return 0;
	std::memcpy(reinterpret_cast<void*>(static_cast<std::uintptr_t>(of.r[1])), &next.number,
				sizeof next.number);
	return of.r[1];
}

/// "name(): why", or "name() why".
inline u64 to_c(argument_cursor& of, const helper::misuse& found) noexcept {
	if (found.what) [[unlikely]]
		illegal_use(of.name, "%s", found.what + std::strspn(found.what, ": "));
	return 0;
}

} // namespace sockops::native
