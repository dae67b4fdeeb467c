// SPDX-License-Identifier: MIT
// Flags, states, places and cgroups, by the names of the tables.

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <sockops/cgroup/cgroup_path.hpp>

#include "../ip_text.hpp"
#include "line_reader.hpp"

namespace sockops::testing::parser {

namespace {

/// RTT or RTT_CB for RTT_CB_FLAG.
bool is_short_of(std::string_view name, std::string_view full) noexcept {
	for (const std::string_view suffix : {"_CB_FLAG", "_FLAG"})
		if (full.ends_with(suffix) && name == full.substr(0, full.size() - suffix.size()))
			return true;
	return false;
}

u8 parse_flag(line_reader& line) {
	std::string_view name = line.peek_word();
	if (!name.empty() && name[0] >= '0' && name[0] <= '9') {
		const s64 bits = line.number("the flags");
		if (bits < 0 || bits > 0xff)
			line.refuse(quoted(name) + " is too large: the flags are one byte");
		return static_cast<u8>(bits);
	}
	line.word("a flag");
	if (name.starts_with(uapi_prefix))
		name.remove_prefix(uapi_prefix.size());
	std::string known;
	for (const cb_flag_info& each : cb_flag_table) {
		const std::string_view full = each.name;
		if (name == full || is_short_of(name, full))
			return each.flag;
		known.append(known.empty() ? "" : ", ").append(full);
	}
	line.refuse("no flag " + quoted(name) + ": there are " + known);
}

} // namespace

u8 parse_flags(line_reader& line) {
	if (line.accept("none"))
		return 0;
	u8 flags = 0;
	do {
		flags = static_cast<u8>(flags | parse_flag(line));
	} while (line.accept("|"));
	return flags;
}

void parse_place(const line_reader& line, std::string_view place, std::string& ip, u16& port) {
	const bool has_brackets = place.starts_with('[');
	const std::size_t bracket = place.find(']');
	if (has_brackets && bracket == place.npos)
		line.refuse(quoted(place) + ": a ']' is missing: an IPv6 address is written [2001:db8::1]:80");
	const std::size_t colon = place.find(':', has_brackets ? bracket : 0);
	ip = has_brackets ? place.substr(1, bracket - 1) : place.substr(0, colon);
	if (colon != place.npos) {
		const std::string_view digits = place.substr(colon + 1);
		const auto [end, error] = std::from_chars(digits.begin(), digits.end(), port);
		if (error != std::errc{} || end != digits.end())
			line.refuse(quoted(digits) +
						" is no port: a number up to 65535 is; an IPv6 address stands in brackets");
	}
	try {
		if (is_ipv6_text(ip))
			(void)read_ipv6(ip);
		else
			(void)read_ipv4(ip);
	} catch (const std::invalid_argument& wrong) {
		line.refuse(wrong.what());
	}
}

std::string parse_cgroup(const line_reader& line, std::string_view path) {
	if (!is_cgroup_path(path))
		line.refuse(quoted(path) + " is no cgroup: it is a path from the root, as / or /web/api");
	return std::string(path);
}

} // namespace sockops::testing::parser
