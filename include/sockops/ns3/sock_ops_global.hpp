// SPDX-License-Identifier: MIT
// What a global variable of an object file is to be before it is loaded: {"limit", 8}, {"peers", "{1, 2}"}.
//
// Context: the simulator's thread.
#pragma once

#include <sockops/kern/cxx20.hpp>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ns3 {

struct SockOpsGlobal {
	/// An integer, a bool or an enumerator.
	template <class Number>
	requires(std::is_integral_v<Number> || std::is_enum_v<Number>)
		SockOpsGlobal(std::string variable, Number value)
		: name(std::move(variable)) {
		if constexpr (std::is_enum_v<Number>)
			text = std::to_string(static_cast<std::underlying_type_t<Number>>(value));
		else
			text = std::to_string(+value);
	}
	/// In words, as typed_value::set_text() takes them.
	SockOpsGlobal(std::string variable, std::string value)
		: name(std::move(variable)), text(std::move(value)) {}
	SockOpsGlobal(std::string variable, const char* value) : name(std::move(variable)), text(value) {}

	std::string name, text;
};

using SockOpsGlobals = std::vector<SockOpsGlobal>;

} // namespace ns3
