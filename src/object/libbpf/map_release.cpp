// SPDX-License-Identifier: MIT
#include "map_release.hpp"

#include "../../kern/release_words.hpp"
#include "../../map/flag_table.hpp"
#include "../../vm/insn_releases.hpp"

namespace sockops::object {
namespace {

std::string in_words(const std::string& what, kernel_release since, kernel_release kernel) {
	return what + " since Linux " + detail::release_in_words(since) + "; --kernel asks for " +
		   detail::release_in_words(kernel) + ": ask for " + detail::release_in_words(since) +
		   " or later, or ";
}

/// "tune.bss": libbpf makes it of a section of global variables; no identifier has a dot.
bool holds_globals(const bpf_map_attr& map) noexcept { return map.map_name.find('.') != map.map_name.npos; }

} // namespace

std::string too_young(const bpf_map_attr& map, kernel_release kernel) {
	if (const kernel_release since = bpf_map_type_since(map.map_type); since > kernel)
		return in_words(std::string("BPF_MAP_TYPE_") + bpf_map_type_name(map.map_type) + " is there", since,
						kernel) +
			   "declare it of an older type";
	if (holds_globals(map)) // libbpf leaves out flags of its own that the kernel has not
		return vm::global_variables_since > kernel
				   ? in_words("global variables are there", vm::global_variables_since, kernel) +
						 "keep them in a map that is declared (a string constant is a global variable, too)"
				   : std::string();
	for (const detail::map_flag_row& row : detail::map_flags)
		if ((map.map_flags & row.flag) != 0 && row.since > kernel)
			return in_words(std::string(row.name) + " is there", row.since, kernel) + "leave it out";
	return {};
}

} // namespace sockops::object
