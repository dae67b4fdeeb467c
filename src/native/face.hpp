// SPDX-License-Identifier: MIT
// A rule of src/helper behind a function of C. These functions are written by faces_main.cpp, one for each
// rule that has a meaning natively.
#pragma once

#include <cerrno>
#include <tuple>

#include "../helper/all.hpp"
#include "memory_from_c.hpp"
#include "stack_from_c.hpp"
#include "to_c.hpp"

namespace sockops::native {

/// What a program gets that is wrong: an error where the helper has one, else 0 or NULL.
template <class R>
inline constexpr u64 result_of_misuse = std::is_signed_v<R> ? static_cast<u64>(s64{-EINVAL}) : 0;

template <auto Rule, class R, class... A>
u64 call_rule(argument_cursor& at, R (*)(A...) noexcept) noexcept {
	std::tuple<from_c<A>...> arguments;
	// All, also where one is refused: what is to be made, a dynptr, is null then.
	bool all_taken = true;
	std::apply([&](auto&... each) noexcept { ((all_taken &= each.take(at)), ...); }, arguments);
	if (!all_taken) [[unlikely]]
		return result_of_misuse<R>;
	return std::apply(
		[&](auto&... each) noexcept -> u64 {
			if constexpr (std::is_void_v<R>)
				return Rule(each.get()...), 0;
			else
				return to_c(at, Rule(each.get()...));
		},
		arguments);
}

template <u32 Index, class... Rules>
std::tuple_element_t<Index, std::tuple<Rules...>> nth_of(helper::rule_list<Rules...>);

/// The rule number Index of helper::all_rules, whose name is Name, called by a function of C that returns R.
template <u32 Index, helper::name_of Name, class R, class... Arguments>
R called(Arguments... arguments) noexcept {
	using rule = decltype(nth_of<Index>(helper::all_rules{}));
	static_assert(rule::name == Name.view());
	const u64 r[] = {0, as_word(arguments)...};
	argument_cursor at{r, rule::c_name};
	const u64 result = call_rule<rule::function>(at, rule::function);
	if constexpr (std::is_pointer_v<R>)
		return reinterpret_cast<R>(static_cast<std::uintptr_t>(result));
	else if constexpr (!std::is_void_v<R>)
		return static_cast<R>(result);
}

} // namespace sockops::native
