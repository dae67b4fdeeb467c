// SPDX-License-Identifier: MIT
// The sysctls of a net by name, for those who set them by one.
#pragma once

#include <string>
#include <string_view>

#include <sockops/net/net.hpp>

namespace sockops::testing::parser {

struct net_sysctl {
	std::string_view name;
	u32 most; ///< as Linux has it; of tcp_ecn, what is modelled
	u32 least;
	void (*set)(netns_ipv4& in, u32 value);
};

/// nullptr: not one of those.
const net_sysctl* find_sysctl(std::string_view name) noexcept;
std::string all_sysctl_names();

} // namespace sockops::testing::parser
