// SPDX-License-Identifier: MIT
// Who is where in a private network.
#pragma once

#include <cstdint>

#include <netinet/in.h>
#include <sys/socket.h>

namespace traces {

enum class ip_family : std::uint8_t { ipv4, ipv6 };

/// Two sockets talk on `lo`; a socket talks to a scripted peer on a device of its own.
enum class place : std::uint8_t { loopback, stack, scripted_peer };

/// 127.0.0.1, 192.0.2.1 and 192.0.2.2; ::1, 2001:db8::1 and 2001:db8::2.
in_addr ipv4_of(place where) noexcept;
in6_addr ipv6_of(place where) noexcept;

/// As bind() and connect() want it.
struct socket_address {
	sockaddr_storage storage{};
	socklen_t size = 0;

	socket_address(ip_family family, place where, std::uint16_t port) noexcept;
	[[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

} // namespace traces
