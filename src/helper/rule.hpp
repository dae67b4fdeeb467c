// SPDX-License-Identifier: MIT
// A helper or kfunc: a name of the tables in bpf/ and the function that says what it does. From the types of
// that function all else is made: how a call's registers become its arguments, interpreted and natively, and
// what the checks at load hold a program's arguments against. The prototype in the table, which is C's, has
// to agree: that is found out here, when the rule is compiled.
#pragma once

#include <tuple>
#include <type_traits>

#include "arguments.hpp"
#include "call_prototype.hpp"
#include "results.hpp"
#include "section_state.hpp"
#include "unsafe_text.hpp"

namespace sockops::helper {

/// A string as a template argument.
template <std::size_t N>
struct name_of {
	char text[N];

	constexpr name_of(const char (&literal)[N]) noexcept {
		for (std::size_t i = 0; i != N; ++i)
			text[i] = literal[i];
	}
	constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};

/// The registers that an argument of this type takes.
template <class T>
constexpr auto kinds_of() noexcept {
	if constexpr (std::is_same_v<T, bpf_sock_ops&>)
		return one_register(argument_kind::what::context);
	else if constexpr (std::is_same_v<T, bpf_sock_ops*>)
		return one_register(argument_kind::what::context, true);
	else if constexpr (std::is_integral_v<T>)
		return one_register({argument_kind::what::number, sizeof(T)});
	else
		return std::remove_reference_t<T>::kinds;
}

template <class R, class... A>
constexpr call_prototype prototype_of(std::string_view name, R (*)(A...) noexcept) noexcept {
	call_prototype found{name};
	[[maybe_unused]] const auto add = [&](const auto& kinds) {
		for (const argument_kind& each : kinds)
			found.arguments[found.count++] = each;
	};
	(add(kinds_of<A>()), ...);
	found.is_native = is_native_result<R>;
	found.result = what_it_gives<R>();
	if (found.result == gives::nothing && parse_prototype(text_of(name)).self.type != "void")
		found.result = gives::number;
	return found;
}

template <class R, class... A>
R result_of_function(R (*)(A...) noexcept);
template <auto Rule>
using result_of = decltype(result_of_function(Rule));

/// Does C's prototype say the same of each register?
constexpr bool agrees(const call_prototype& rule, const c_prototype& text) noexcept {
	if (rule.count != text.count + (text.is_variadic ? max_trace_printk_varargs : 0))
		return false;
	for (u32 i = 0; i != text.count; ++i) {
		const c_declaration& declared = text.arguments[i];
		const argument_kind& kind = rule.arguments[i];
		if (declared.is_pointer() != kind.is_pointer() ||
			(!declared.is_pointer() && width_of(declared.type) != kind.width))
			return false;
	}
	return true;
}

/// Rule: a function, noexcept, whose parameters are those of arguments.hpp and whose result is one of
/// results.hpp.
template <name_of Name, auto Rule>
struct rule {
	static constexpr std::string_view name = Name.view();
	static constexpr const char* c_name = Name.text;
	static constexpr auto function = Rule;
	static constexpr call_prototype prototype = prototype_of(name, Rule);

	static_assert(!text_of(name).empty(), "no table has a prototype of this name");
	static_assert(agrees(prototype, parse_prototype(text_of(name))),
				  "the arguments are not those of the prototype in the table");
	static_assert(result_agrees<result_of<Rule>>(parse_prototype(text_of(name)).self),
				  "the result is not that of the prototype in the table");
};

/// Rules of one subject.
template <class... Rules>
struct rule_list {
	/// visit.template operator()<rule>() for each.
	template <class Visit>
	static constexpr void for_each(Visit visit) {
		(visit.template operator()<Rules>(), ...);
	}
};

template <class... Lists>
struct joined;
template <class... Rules>
struct joined<rule_list<Rules...>> {
	using type = rule_list<Rules...>;
};
template <class... Left, class... Right, class... More>
struct joined<rule_list<Left...>, rule_list<Right...>, More...>
	: joined<rule_list<Left..., Right...>, More...> {};

} // namespace sockops::helper
