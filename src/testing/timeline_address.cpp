// SPDX-License-Identifier: MIT
// Addresses of a timeline, as text; and what they are if it names none.

#include <sockops/testing/timeline_address.hpp>

#include <charconv>
#include <cstring>

#include <arpa/inet.h>

#include <sockops/testing/timeline.hpp>

namespace sockops::testing {

namespace {

constexpr const char form[] = "10.1.2.3:40000 and [2001:db8::1]:443 are addresses with their ports";

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
	throw timeline_error(0, "", "'" + std::string(text) + "' " + why);
}

in6_words mapped(be32 ip4) noexcept { return {{0, 0, cpu_to_be32(0xffff), ip4}}; }

bool same(const in6_words& a, const in6_words& b) noexcept {
	return std::memcmp(a.u6_addr32, b.u6_addr32, sizeof a.u6_addr32) == 0;
}

/// Without brackets. IPv4's 0.0.0.0 is any address, as :: is.
in6_words parse_ip(std::string_view whole, const std::string& ip) {
	be32 ip4 = 0;
	in6_words ip6;
	if (::inet_pton(AF_INET, ip.c_str(), &ip4) == 1)
		return ip4 == 0 ? in6_words{} : mapped(ip4);
	if (::inet_pton(AF_INET6, ip.c_str(), ip6.u6_addr32) != 1)
		refuse(whole, "has no address that is one: " + std::string(form));
	return ip6;
}

u16 parse_port(std::string_view whole, std::string_view port) {
	u16 number = 0;
	const auto [end, error] = std::from_chars(port.begin(), port.end(), number);
	if (error != std::errc{} || end != port.end() || number == 0)
		refuse(whole, "has no port from 1 to 65535 at its end: " + std::string(form));
	return number;
}

std::string ip_text(const in6_words& address, bool ipv6) {
	char text[INET6_ADDRSTRLEN] = "";
	if (ipv6)
		::inet_ntop(AF_INET6, address.u6_addr32, text, sizeof text);
	else
		::inet_ntop(AF_INET, &address.u6_addr32[3], text, sizeof text);
	return text;
}

/// Two sockets talk over loopback; with a script for the other side, over what is for documentation.
timeline_address usual(side who, bool ipv6, std::optional<side> scripted) {
	timeline_address made{.ipv6 = ipv6};
	made.port = who == side::client ? 0x5151 : 0x5150;
	const u32 host = scripted == who ? 2 : 1;
	if (ipv6)
		made.ip = scripted ? in6_words{{cpu_to_be32(0x20010db8), 0, 0, cpu_to_be32(host)}}
						   : in6_words{{0, 0, 0, cpu_to_be32(1)}};
	else
		made.ip = mapped(cpu_to_be32(scripted ? 0xc0000200 + host : 0x7f000001));
	made.bound = made.ip;
	return made;
}

const char* family_name(bool ipv4) noexcept { return ipv4 ? "IPv4" : "IPv6"; }

} // namespace

bool timeline_address::is_mapped(const in6_words& address) noexcept {
	return address[0] == 0 && address[1] == 0 && address[2] == cpu_to_be32(0xffff);
}

bool timeline_address::is_any(const in6_words& address) noexcept { return same(address, {}); }

timeline_address timeline_address::parse(std::string_view text) {
	const std::size_t at = text.find(" at ");
	const std::string_view where = text.substr(0, at);
	const std::size_t colon = where.rfind(':');
	if (colon == where.npos || colon == 0)
		refuse(text, "is no address with a port: " + std::string(form));
	timeline_address made;
	made.port = parse_port(text, where.substr(colon + 1));
	std::string_view ip = where.substr(0, colon);
	made.ipv6 = ip.starts_with('[') && ip.ends_with(']');
	if (made.ipv6)
		ip = ip.substr(1, ip.size() - 2);
	if (made.ipv6 != (ip.find(':') != ip.npos))
		refuse(text, "is no address with a port: brackets are around an IPv6 address, and around no other");
	made.bound = made.ip = parse_ip(text, std::string(ip));
	if (at != text.npos)
		made.ip = parse_ip(text, std::string(text.substr(at + 4)));
	if (is_any(made.ip))
		refuse(text, "is any address: which one the packets have is said behind it, as in '" +
						 std::string(where) + " at " + (made.ipv6 ? "2001:db8::1'" : "10.1.2.3'"));
	if (made.is_bound() && !same(made.bound, made.ip))
		refuse(text, "is bound to one address, and cannot be found at another");
	if (!made.ipv6 && !made.over_ipv4())
		refuse(text, "is an IPv4 socket, which has no IPv6 address");
	return made;
}

std::string timeline_address::text() const {
	const std::string here = ip_text(bound, ipv6);
	std::string text = (ipv6 ? "[" + here + "]" : here) + ":" + std::to_string(port);
	return is_bound() ? text : text + " at " + ip_text(ip, !over_ipv4());
}

std::array<timeline_address, 2> timeline::addresses() const {
	std::array<timeline_address, 2> all;
	for (const side who : {side::client, side::server}) {
		const auto& said = settings.addresses[static_cast<std::size_t>(who)];
		timeline_address& made = all[static_cast<std::size_t>(who)];
		made = said ? *said : usual(who, settings.ipv6, scripted);
		if (made.over_ipv4() == settings.ipv6)
			throw timeline_error(
				0, "",
				std::string("the ") + side_name(who) + " is at " + made.text() + ", which is " +
					family_name(made.over_ipv4()) + ", and the connection is " + family_name(!settings.ipv6) +
					": give both sides addresses of one family, and leave out another family");
	}
	if (all[0].port == all[1].port && same(all[0].ip, all[1].ip))
		throw timeline_error(0, "",
							 "client and server are both at " + all[0].text() +
								 ": give one of them another port or address");
	return all;
}

} // namespace sockops::testing
