// SPDX-License-Identifier: MIT
// bpf_tail_call(), which is no call and has no rule: the program it names goes on in the caller's place, in a
// way that interpreted and natively compiled programs each have for themselves. What it takes is said here.
#pragma once

#include <sockops/map/prog_array.hpp>

#include "rule.hpp"

namespace sockops::helper {

using program_map = map_of<prog_array_map, map_use::neither, BPF_MAP_TYPE_PROG_ARRAY>;

inline constexpr call_prototype tail_call_prototype =
	prototype_of("bpf_tail_call", static_cast<void (*)(given_context, program_map, u32) noexcept>(nullptr));
static_assert(agrees(tail_call_prototype, parse_prototype(text_of("bpf_tail_call"))));

} // namespace sockops::helper
