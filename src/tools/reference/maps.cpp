// SPDX-License-Identifier: MIT
#include "../../map/map_type.hpp"
#include "markdown.hpp"
#include "page.hpp"

namespace sockops_reference {

namespace {

using namespace sockops;

const char* entries(map_holds of) {
	switch (of) {
	case map_holds::values:
		return "values by a key, to which programs get pointers";
	case map_holds::percpu_values:
		return "values by a key, one for each CPU";
	case map_holds::socket_values:
		return "values by a socket";
	case map_holds::sockets:
		return "sockets by a key";
	case map_holds::programs:
		return "programs by an index, for bpf_tail_call()";
	case map_holds::records:
		return "records, read once, in the order in which they came";
	case map_holds::queued_values:
		return "values without keys";
	case map_holds::other:
	case map_holds::unknown:
		break;
	}
	return "";
}

} // namespace

std::string maps_page() {
	std::string text = "# Maps\n\nFor who writes a program: the types of maps, by their numbers, and what "
					   "their entries are.\n\n"
					   "Written by `sockops-reference` from "
					   "[`src/map/type_table.hpp`](../../../src/map/type_table.hpp), and held\n"
					   "against it by a test: to change the page, change the table, and\n"
					   "`cmake --build build/release --target reference`.\n\n";
	text += table({"type", "number", "since", "entries", "may hold a `bpf_spin_lock`"});
	std::vector<std::string> absent;
	for (u32 type = 1; type != std::size(detail::map_types); ++type) {
		const detail::map_type_row& each = detail::map_types[type];
		if (each.type)
			text +=
				row({code("BPF_MAP_TYPE_" + std::string(each.name)), std::to_string(type),
					 release_number(each.since), entries(each.holds), each.type->takes_lock ? "yes" : "no"});
		else
			absent.push_back(std::string(each.name) + " (" + std::to_string(type) + ")");
	}
	return text +
		   "\nWhat each takes is said, with the remedy, where one is refused; the rules are in\n"
		   "[`map/bpf_map.hpp`](../map/bpf_map.hpp) and the headers beside it. Not here: " +
		   in_a_list(absent) +
		   ".\n\nNext: [helpers](helpers.md), [how a type is added](../../../src/map/README.md).\n";
}

} // namespace sockops_reference
