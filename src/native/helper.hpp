// SPDX-License-Identifier: MIT
// What the helpers of natively compiled programs have in common. A helper is a function of C whose name for
// the linker is that of include/sockops/native/bpf/bpf_helper_defs.h.
#pragma once

#include <cstring>

#include <sockops/map/bpf_map.hpp>

#include "native_run.hpp"

namespace sockops::native {

/// The map that a program's variable stands for: native_object has put its address there. Before load():
/// illegal use, nullptr.
inline bpf_map* map_at(const void* variable, const char* helper) noexcept {
	bpf_map* map = nullptr;
	if (variable)
		std::memcpy(&map, variable, sizeof map);
	if (!map) [[unlikely]]
		illegal_use(helper, "its map is not there: native_object::load() makes it, or notices() tells why not");
	return map;
}

/// The same, of a type that has more to offer than all have.
template <class Map>
Map* map_of_type(const void* variable, bpf_map_type type, const char* helper) noexcept {
	bpf_map* const map = map_at(variable, helper);
	if (!map)
		return nullptr;
	if (map->attr.map_type == type) [[likely]]
		return static_cast<Map*>(map);
	illegal_use(helper, "map '%s' is a %s, not a %s", map->attr.map_name.c_str(),
				bpf_map_type_name(map->attr.map_type), bpf_map_type_name(type));
	return nullptr;
}

} // namespace sockops::native
