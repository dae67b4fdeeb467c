// SPDX-License-Identifier: MIT
// Who is where in a private network, as the calls of sockets want it.
#pragma once

#include <array>

#include <netinet/in.h>
#include <sys/socket.h>

#include <sockops/testing/timeline.hpp>

namespace traces {

using sockops::testing::timeline_address;
using both_addresses = std::array<timeline_address, 2>; ///< by side

in_addr ipv4_of(const sockops::in6_words& address) noexcept;
in6_addr ipv6_of(const sockops::in6_words& address) noexcept;

/// As bind() and connect() want it.
struct socket_address {
	sockaddr_storage storage{};
	socklen_t size = 0;

	/// `ipv6`: of the socket that uses it; an IPv4 address is mapped then.
	socket_address(const sockops::in6_words& address, std::uint16_t port, bool ipv6) noexcept;
	[[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

} // namespace traces
