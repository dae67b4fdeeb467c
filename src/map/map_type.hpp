// SPDX-License-Identifier: MIT
// What a type of map says of itself to those who make maps: an object of it stands in the type's own file,
// and type_table.hpp has its row.
#pragma once

#include "../kern/alloc.hpp"
#include "attribute_check.hpp"
#include "type_table.hpp"

namespace sockops::detail {

struct map_type {
	/// Refuses attributes that the type does not take.
	void (*check)(attribute_check& attr);
	/// Takes attributes that have been checked. nullptr: no memory.
	bpf_map* (*make)(const bpf_map_attr& attr) noexcept;
	bool takes_lock = false; ///< may a value have a struct bpf_spin_lock?
};

/// map_type::make of a class whose constructor takes the attributes, and which tells by valid() whether there
/// was memory.
template <class Map>
bpf_map* make_map(const bpf_map_attr& attr) noexcept {
	auto* const map = make<Map>(attr);
	if (map && map->valid())
		return map;
	delete map;
	return nullptr;
}

} // namespace sockops::detail
