// SPDX-License-Identifier: MIT
#include "ip_text.hpp"

#include <stdexcept>

#include <arpa/inet.h>

namespace sockops::testing {

namespace {

void parse(int family, const std::string& text, void* into, const char* example) {
	if (!text.empty() && ::inet_pton(family, text.c_str(), into) != 1)
		throw std::invalid_argument("'" + text + "' is no address: " + example +
									" is one; both of a socket are of one family");
}

} // namespace

be32 read_ipv4(const std::string& text) {
	be32 address = 0;
	parse(AF_INET, text, &address, "10.0.0.1");
	return address;
}

in6_words read_ipv6(const std::string& text) {
	in6_words address{};
	parse(AF_INET6, text, address.u6_addr32, "fd00::1");
	return address;
}

} // namespace sockops::testing
