// SPDX-License-Identifier: MIT

#include "net_sysctls.hpp"

#include <algorithm>

namespace sockops::testing::parser {

namespace {

template <auto Member>
constexpr net_sysctl row(std::string_view name, u32 most, u32 least = 0) {
	return {name, most, least, [](netns_ipv4& in, u32 value) {
				in.*Member = static_cast<std::remove_reference_t<decltype(in.*Member)>>(value);
			}};
}

constexpr net_sysctl sysctls[] = {
	row<&netns_ipv4::sysctl_tcp_syn_retries>("tcp_syn_retries", 127, 1),
	row<&netns_ipv4::sysctl_tcp_syn_linear_timeouts>("tcp_syn_linear_timeouts", 127),
	row<&netns_ipv4::sysctl_tcp_synack_retries>("tcp_synack_retries", 255),
	row<&netns_ipv4::sysctl_tcp_retries1>("tcp_retries1", 255),
	row<&netns_ipv4::sysctl_tcp_retries2>("tcp_retries2", 255),
	row<&netns_ipv4::sysctl_tcp_ecn>("tcp_ecn", 2),
	row<&netns_ipv4::sysctl_tcp_syncookies>("tcp_syncookies", 255),
	row<&netns_ipv4::sysctl_tcp_early_retrans>("tcp_early_retrans", 4),
	row<&netns_ipv4::sysctl_tcp_timestamps>("tcp_timestamps", 255),
	row<&netns_ipv4::sysctl_tcp_sack>("tcp_sack", 255),
	row<&netns_ipv4::sysctl_tcp_window_scaling>("tcp_window_scaling", 255),
	row<&netns_ipv4::sysctl_tcp_fin_timeout>("tcp_fin_timeout", 8589934),
	row<&netns_ipv4::sysctl_tcp_fastopen>("tcp_fastopen", 0x7fffffff),
};

} // namespace

const net_sysctl* find_sysctl(std::string_view name) noexcept {
	const auto* const found = std::find_if(std::begin(sysctls), std::end(sysctls),
										   [&](const net_sysctl& each) { return each.name == name; });
	return found == std::end(sysctls) ? nullptr : found;
}

std::string all_sysctl_names() {
	std::string all;
	for (const net_sysctl& each : sysctls)
		all += (all.empty() ? "" : ", ") + std::string(each.name);
	return all;
}

} // namespace sockops::testing::parser
