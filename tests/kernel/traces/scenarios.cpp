// SPDX-License-Identifier: MIT
#include "scenarios.hpp"

#include <iterator>

#include "step_makers.hpp"

namespace traces {

make::steps make::operator+(steps first, const steps& then) {
	first.insert(first.end(), then.begin(), then.end());
	return first;
}

std::vector<scenario> scenarios() {
	std::vector<scenario> all;
	for (auto* part :
		 {handshake_scenarios, loss_scenarios, closing_scenarios, option_scenarios, peer_scenarios}) {
		std::vector<scenario> these = part();
		std::move(these.begin(), these.end(), std::back_inserter(all));
	}
	return all;
}

} // namespace traces
