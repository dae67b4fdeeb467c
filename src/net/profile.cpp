// SPDX-License-Identifier: MIT
// What a profile cannot be.

#include <sockops/kern/check.hpp>

#include "profile.hpp"

namespace sockops {

void detail::report_hz(const char* call, const net_profile& of, const char* consequence) noexcept {
	illegal_use(call,
				"net_profile::hz is %u: a second has 1 to %u jiffies (Linux: 100, 250, 300 or 1000); %s",
				of.hz, net_profile::most_hz, consequence);
}

net_profile detail::impossible_hz(const net_profile& with) noexcept {
	report_hz("net", with, "250 is taken");
	net_profile possible = with;
	possible.hz = net_profile{}.hz;
	return possible;
}

} // namespace sockops
