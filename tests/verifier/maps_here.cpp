// SPDX-License-Identifier: MIT
#include "maps_here.hpp"

#include <algorithm>

namespace verdicts {

using namespace sockops;

std::string why_no_map(const case_map& of) {
	if (!bpf_map_type_is_modelled(of.type))
		return std::string("no maps of type ") + bpf_map_type_name(of.type);
	if (of.timer >= 0)
		return "no struct bpf_timer in maps";
	if (of.lock >= 0 && of.type != BPF_MAP_TYPE_HASH && of.type != BPF_MAP_TYPE_ARRAY)
		return std::string("no struct bpf_spin_lock in maps of type ") + bpf_map_type_name(of.type);
	return "";
}

bpf_map_ptr make_map_here(const case_map& of) {
	bpf_map_ptr made;
	std::string why;
	if (bpf_map_create({.map_type = static_cast<bpf_map_type>(of.type),
						.key_size = of.key_size,
						.value_size = of.value_size,
						.max_entries = of.max_entries,
						.map_flags = of.map_flags,
						.map_name = of.name,
						.spin_lock_off = of.lock},
					   made, why))
		fail("map " + of.name + ": " + why);
	if (!of.init.empty()) {
		std::vector<std::byte> key(of.key_size), value(made.get()->sys_value_size());
		std::ranges::copy(of.init, value.begin());
		if (made.get()->sys_update_elem(key.data(), value.data(), BPF_ANY))
			fail("map " + of.name + " does not take its first element");
	}
	if (of.freeze && made.get()->freeze())
		fail("map " + of.name + " cannot be frozen");
	return made;
}

} // namespace verdicts
