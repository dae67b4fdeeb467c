// SPDX-License-Identifier: MIT
// The prototype of a helper or kfunc as the tables have it, in C, taken apart: what it is called, what it
// returns, and its arguments.
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <array>
#include <string_view>

#include <sockops/kern/types.hpp>

namespace sockops {

/// A type and a name of C: "const void *" and "key".
struct c_declaration {
	std::string_view type, name;

	/// Is it a pointer's?
	constexpr bool is_pointer() const noexcept { return type.ends_with('*'); }
};

struct c_prototype {
	static constexpr u32 max_arguments = 5; ///< registers r1 to r5

	c_declaration self; ///< what it returns, and its name
	std::array<c_declaration, max_arguments> arguments{};
	u32 count = 0;            ///< of the arguments
	bool is_variadic = false; ///< "…" follows them: words in the registers that are left
};

namespace detail {

constexpr std::string_view trimmed(std::string_view text) noexcept {
	while (text.starts_with(' '))
		text.remove_prefix(1);
	while (text.ends_with(' '))
		text.remove_suffix(1);
	return text;
}
constexpr c_declaration declaration(std::string_view text) noexcept {
	const std::size_t name = text.find_last_of(" *") + 1;
	return {trimmed(text.substr(0, name)), text.substr(name)};
}

} // namespace detail

/// The parts of "long name(void *a, u32 b)". Of what is no such text, the parts are not to be relied on.
constexpr c_prototype parse_prototype(std::string_view text) noexcept {
	const std::size_t open = text.find('('), close = text.rfind(')');
	c_prototype found;
	found.self = detail::declaration(text.substr(0, open));
	std::string_view rest = text.substr(open + 1, close - open - 1);
	while (!rest.empty() && rest != "void" && found.count != c_prototype::max_arguments) {
		const std::size_t comma = rest.find(',');
		const std::string_view each = detail::trimmed(rest.substr(0, comma));
		rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
		if (each == "...")
			found.is_variadic = true;
		else
			found.arguments[found.count++] = detail::declaration(each);
	}
	return found;
}

} // namespace sockops
