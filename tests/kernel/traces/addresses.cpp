// SPDX-License-Identifier: MIT
#include "addresses.hpp"

namespace traces {

in_addr ipv4_of(place where) noexcept {
	constexpr std::uint32_t net = 192u << 24 | 0u << 16 | 2u << 8; // for documentation
	const std::uint32_t host = where == place::loopback ? INADDR_LOOPBACK
							   : where == place::stack  ? net | 1
														: net | 2;
	return {htonl(host)};
}

in6_addr ipv6_of(place where) noexcept {
	if (where == place::loopback)
		return in6addr_loopback;
	in6_addr address{};
	address.s6_addr[0] = 0x20;
	address.s6_addr[1] = 0x01;
	address.s6_addr[2] = 0x0d;
	address.s6_addr[3] = 0xb8; // for documentation
	address.s6_addr[15] = where == place::stack ? 1 : 2;
	return address;
}

socket_address::socket_address(ip_family family, place where, std::uint16_t port) noexcept {
	if (family == ip_family::ipv4) {
		auto& ip4 = reinterpret_cast<sockaddr_in&>(storage);
		ip4.sin_family = AF_INET;
		ip4.sin_port = htons(port);
		ip4.sin_addr = ipv4_of(where);
		size = sizeof(ip4);
	} else {
		auto& ip6 = reinterpret_cast<sockaddr_in6&>(storage);
		ip6.sin6_family = AF_INET6;
		ip6.sin6_port = htons(port);
		ip6.sin6_addr = ipv6_of(where);
		size = sizeof(ip6);
	}
}

} // namespace traces
