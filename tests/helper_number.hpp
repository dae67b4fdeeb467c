// SPDX-License-Identifier: MIT
// A helper's number by its name, for programs that are written as instructions.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include <sockops/bpf/helper_names.hpp>

/// helper_number("bpf_load_hdr_opt"); a name that no helper has does not compile.
consteval std::int32_t helper_number(std::string_view name) {
	constexpr std::string_view prefix = "bpf_";
	if (!name.starts_with(prefix))
		throw "not bpf_…";
	name.remove_prefix(prefix.size());
	for (std::size_t id = 1; id != std::size(sockops::detail::helper_names); ++id)
		if (name == sockops::detail::helper_names[id])
			return static_cast<std::int32_t>(id);
	throw "no helper has this name";
}
