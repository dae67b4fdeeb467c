// SPDX-License-Identifier: MIT
#include "path.hpp"

#include <algorithm>

namespace sockops::vm::check {

void path::settle_null(u32 id, bool is_null) {
	for_values([&](known& value) {
		if (!value.is_pointer() || !value.may_be_null || value.id != id)
			return;
		if (is_null)
			value = number(0);
		else
			value.may_be_null = false;
	});
	if (is_null)
		std::erase_if(holding,
					  [&](const taken& each) { return each.id == id && each.is == taken::what::record; });
}

void path::forget_packets(const known& now) {
	for_values([&](known& value) {
		if (value.is == holds::packet || value.is == holds::packet_end)
			value = now;
	});
}

void path::give_back(u32 id, taken::what is) {
	const auto last = std::find_if(holding.rbegin(), holding.rend(),
								   [&](const taken& each) { return each.id == id && each.is == is; });
	if (last != holding.rend())
		holding.erase(std::next(last).base());
}

void path::give_back_all(taken::what is) {
	std::erase_if(holding, [&](const taken& each) { return each.is == is; });
}

} // namespace sockops::vm::check
