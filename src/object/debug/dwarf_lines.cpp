// SPDX-License-Identifier: MIT
#include "dwarf_lines.hpp"

#include <algorithm>

namespace sockops::object {

std::vector<u64> addresses_without_line(Dwarf_Die& unit, step_budget& budget) {
	std::vector<u64> all;
	Dwarf_Lines* lines = nullptr;
	std::size_t count = 0;
	if (dwarf_getsrclines(&unit, &lines, &count) != 0 || !budget.spend(count))
		return all;
	for (std::size_t i = 0; i != count; ++i) {
		Dwarf_Line* const line = dwarf_onesrcline(lines, i);
		u64 address = 0;
		int number = 0;
		bool is_end = false;
		if (dwarf_lineaddr(line, &address) == 0 && dwarf_lineno(line, &number) == 0 && number == 0 &&
			dwarf_lineendsequence(line, &is_end) == 0 && !is_end)
			all.push_back(address);
	}
	std::ranges::sort(all);
	return all;
}

} // namespace sockops::object
