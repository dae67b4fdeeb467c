// SPDX-License-Identifier: MIT
// Addresses as text.
#pragma once

#include <string>

#include <sockops/net/sock_common.hpp>

namespace sockops::testing {

[[nodiscard]] inline bool is_ipv6_text(const std::string& text) noexcept {
	return text.find(':') != text.npos;
}

/// Network order; "" is all 0. Both throw std::invalid_argument for what is none.
[[nodiscard]] be32 read_ipv4(const std::string& text);
[[nodiscard]] in6_words read_ipv6(const std::string& text);

} // namespace sockops::testing
