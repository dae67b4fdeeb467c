// SPDX-License-Identifier: MIT
// The helpers that interpreted programs call: a function for each, by number. Which there are at all, and in
// which op each works, is bpf/helper_table.hpp's; what they do is hook/'s and map/'s. Here arguments become
// memory.
#pragma once

#include <span>
#include <string_view>

#include <sockops/bpf/helper_table.hpp>

#include "machine.hpp"

namespace sockops::vm {

/// `r`: the registers; r[1] to r[5] are the arguments.
using helper_fn = u64 (*)(machine& m, const u64* r) noexcept;

struct helper_row {
	u32 id; ///< enum bpf_func_id
	helper_fn call;
};

/// An int or a long as r0 holds it.
constexpr u64 as_u64(s64 result) noexcept { return static_cast<u64>(result); }

/// The map that a helper is for, by its class; nullptr, and a fault, for one of another type.
template <class Map>
Map* map_of_type(machine& m, u64 value, u32 type, const char* helper) noexcept {
	bpf_map* const map = m.map_of(value, helper);
	if (map && map->attr.map_type == type)
		return static_cast<Map*>(map);
	if (map)
		m.fault(m.at, std::string(helper) + "(): map '" + map->attr.map_name + "' is of type " +
						  bpf_map_type_name(map->attr.map_type) + ", not " + bpf_map_type_name(type));
	return nullptr;
}

// By subject, each in its own file.
std::span<const helper_row> map_helpers() noexcept;
std::span<const helper_row> record_helpers() noexcept; ///< ring and perf buffers
std::span<const helper_row> socket_helpers() noexcept;
std::span<const helper_row> segment_helpers() noexcept; ///< header options
std::span<const helper_row> time_helpers() noexcept;    ///< clocks, chance, the processor
std::span<const helper_row> memory_helpers() noexcept;  ///< strings, formatting, reading by address
std::span<const helper_row> callback_helpers() noexcept;
std::span<const helper_row> dynptr_helpers() noexcept;

inline constexpr u32 helper_tail_call = 12;

/// nullptr: the helper is not there.
helper_fn find_helper_function(u32 id) noexcept;

/// May a program with this licence call gpl_only helpers?
bool is_gpl_compatible(std::string_view license) noexcept;

} // namespace sockops::vm
