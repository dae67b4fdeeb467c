// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <iostream>
#include <limits>

#include <sockops/hook/sockopt.hpp>

#include "markdown.hpp"
#include "option_facts.hpp"
#include "page.hpp"

namespace sockops_reference {

namespace {

using namespace sockops;

/// Of the row at this place; without one there is no page.
const option_facts& facts_at(std::size_t at, const char* name) {
	if (at < std::size(all_option_facts) && all_option_facts[at].name == name)
		return all_option_facts[at];
	std::cerr << "sockops-reference: option_facts.hpp has no line for " << name << " at place " << at
			  << ", where sockopts() has it\n";
	std::exit(1);
}

const char* level(const sockopt_info& row) {
	switch (row.level) {
	case sol::ip:
		return "SOL_IP";
	case sol::ipv6:
		return "SOL_IPV6";
	case sol::tcp:
		return "SOL_TCP";
	default:
		return "SOL_SOCKET";
	}
}

const char* ways(const sockopt_info& row, option_ways said) {
	const bool set = said == option_ways::by_the_row ? row.set != nullptr : said != option_ways::read_alone;
	const bool read = said == option_ways::by_the_row ? row.get != nullptr : said != option_ways::set_alone;
	return set && read ? "set, read" : set ? "set" : "read";
}

std::string range(const sockopt_info& row) {
	if (row.optlen != sockopt_info::length::word)
		return "-";
	const bool from = row.min != std::numeric_limits<int>::min();
	const bool to = row.max != std::numeric_limits<int>::max();
	if (!from)
		return to ? "to " + std::to_string(row.max) : "any";
	return std::to_string(row.min) + (to ? " to " + std::to_string(row.max) : " or more");
}

std::string since(const sockopt_info& row) {
	const std::string set = row.since == sockopt_info::by_6_1 ? "by 6.1" : release_number(row.since);
	return row.read_since == 0 ? set : set + ", read " + release_number(row.read_since);
}

} // namespace

std::string options_page() {
	std::string text =
		page_head("Socket options",
				  "For who writes a program: what `bpf_setsockopt()` and `bpf_getsockopt()` take, "
				  "by 6.18.",
				  "hook/sockopt.hpp");
	text +=
		"An option that is not here, or that is younger than `net_profile::kernel`, is -EINVAL, as is a "
		"value "
		"outside of its\nrange, an optlen that is not 4 (but of names and headers), a request as socket (but "
		"to read the headers of its SYN), an\noption of IP on a socket that is v6-only, and one of IPv6 on a "
		"socket that is not AF_INET6. In the TSTAMP ops all are\n-EOPNOTSUPP. What is set changes a member "
		"of "
		"the socket; what that does to traffic is the stack's. \"by 6.1\": since when\nhas not been "
		"established, and no release is without it.\n\n";
	text += table({"option", "level", "number", "since", "ways", "range", "value", "kept in"});
	std::size_t at = 0;
	for (const sockopt_info& each : sockopts()) {
		const option_facts& facts = facts_at(at++, each.name);
		text += row({code(each.name), level(each), std::to_string(each.optname), since(each),
					 ways(each, facts.ways), range(each), std::string(facts.value), code(each.member)});
	}
	return text + "\nIn which order errnos win, and what is special: "
				  "[`hook/sockopt.hpp`](../hook/sockopt.hpp). Next: "
				  "[helpers](helpers.md), [ops](ops.md).\n";
}

} // namespace sockops_reference
