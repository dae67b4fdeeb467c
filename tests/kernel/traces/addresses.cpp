// SPDX-License-Identifier: MIT
#include "addresses.hpp"

#include <cstring>

namespace traces {

in_addr ipv4_of(const sockops::in6_words& address) noexcept { return {address[3]}; }

in6_addr ipv6_of(const sockops::in6_words& address) noexcept {
	in6_addr made{};
	std::memcpy(&made, address.u6_addr32, sizeof(made));
	return made;
}

socket_address::socket_address(const sockops::in6_words& address, std::uint16_t port, bool ipv6) noexcept {
	if (!ipv6) {
		auto& ip4 = reinterpret_cast<sockaddr_in&>(storage);
		ip4.sin_family = AF_INET;
		ip4.sin_port = htons(port);
		ip4.sin_addr = ipv4_of(address);
		size = sizeof(ip4);
	} else {
		auto& ip6 = reinterpret_cast<sockaddr_in6&>(storage);
		ip6.sin6_family = AF_INET6;
		ip6.sin6_port = htons(port);
		ip6.sin6_addr = ipv6_of(address);
		size = sizeof(ip6);
	}
}

} // namespace traces
