// SPDX-License-Identifier: MIT
// Where the sockets of one side of a timeline are: "10.1.2.3:40000", "[2001:db8::1]:443".
//
// Context: any thread; takes memory, so not in a signal handler.
#pragma once

#include <string>
#include <string_view>

#include <sockops/net/sock_common.hpp>

namespace sockops::testing {

/// Addresses are IPv6's, in network order; one of IPv4 is mapped (::ffff:10.1.2.3), as an IPv6 socket has it.
struct timeline_address {
	bool ipv6 = false; ///< the sockets are AF_INET6; what they send may be IPv4 all the same
	in6_words bound{}; ///< what bind() gets; all 0: any address
	in6_words ip{};    ///< where the other side finds it
	u16 port = 0;      ///< host order

	/// What "10.1.2.3:40000" says. Also "[::ffff:10.1.2.3]:443", an IPv6 socket that talks IPv4, and
	/// "[::]:443 at 10.1.2.3" or "0.0.0.0:443 at 10.1.2.3", one bound to any address. Throws timeline_error,
	/// of line 0, for what is none.
	[[nodiscard]] static timeline_address parse(std::string_view text);
	/// As parse() reads it.
	[[nodiscard]] std::string text() const;

	/// Do its packets go over IPv4?
	[[nodiscard]] bool over_ipv4() const noexcept { return is_mapped(ip); }
	/// Is it bound to an address of its own, and not to any?
	[[nodiscard]] bool is_bound() const noexcept { return !is_any(bound); }

	/// Is it one of IPv4, mapped? Is it all 0?
	[[nodiscard]] static bool is_mapped(const in6_words& address) noexcept;
	[[nodiscard]] static bool is_any(const in6_words& address) noexcept;
};

} // namespace sockops::testing
