// SPDX-License-Identifier: MIT
// Settings: family, address, mtu, delay, sysctl, program, option.

#include "timeline_parser.hpp"

#include <algorithm>

#include <sockops/bpf/uapi.hpp>

#include "net_sysctls.hpp"
#include "option_names.hpp"

namespace sockops::testing::parser {

namespace {

const option_name* find_option(std::string_view name) {
	const auto* const found = std::find_if(std::begin(option_names), std::end(option_names),
										   [&](const option_name& each) { return each.name == name; });
	return found == std::end(option_names) ? nullptr : found;
}

std::string all_option_names() {
	std::string all;
	for (const option_name& each : option_names)
		all += (all.empty() ? "" : ", ") + std::string(each.name);
	return all;
}

void parse_sysctl(words& line, timeline_settings& into) {
	const std::string name(line.take("the sysctl's name"));
	const net_sysctl* const found = find_sysctl(name);
	if (!found)
		line.refuse("no sysctl '" + name + "': known are " + all_sysctl_names());
	into.sysctls.push_back({name, line.number("its value", found->most)});
	if (into.sysctls.back().value < found->least)
		line.refuse("the value of " + name + " is at least " + std::to_string(found->least));
}

side parse_side(words& line, const char* question) {
	if (line.accept("client"))
		return side::client;
	if (!line.accept("server"))
		line.refuse(question);
	return side::server;
}

void parse_address(words& line, timeline_settings& into) {
	const side who = parse_side(line, "whose address? write client or server after 'address'");
	std::string text(line.take("the address and port"));
	if (line.accept("at"))
		text += " at " + std::string(line.take("the address that packets have"));
	try {
		into.addresses[static_cast<std::size_t>(who)] = timeline_address::parse(text);
	} catch (const timeline_error& wrong) {
		line.refuse(wrong.reason);
	}
}

void parse_congestion_controls(words& line, timeline_settings& into) {
	constexpr std::size_t longest = 15; // TCP_CA_NAME_MAX, with the NUL
	do {
		const std::string_view name = line.take("the congestion control's name");
		if (name.size() > longest)
			line.refuse(quoted(name) +
						" is too long: the name of a congestion control has at most 15 characters");
		into.congestion_controls.emplace_back(name);
	} while (!line.empty());
}

/// `line` is behind "program" and the side.
void parse_program(words& line, timeline_program& into) {
	const std::string_view what = line.take("what the program does");
	if (what == "flags") {
		into.flags = line.number("the flags");
	} else if (what == "reply") {
		const u8 op = parse_op(line, line.take("the op"));
		into.replies.push_back({op, line.signed_number("the reply")});
	} else if (what == "reserve") {
		into.reserve = line.number("the bytes", 40);
		if (into.reserve < 4)
			line.refuse("an option of kind 253 with its magic has 4 to 40 bytes");
	} else if (what == "setsockopt") {
		const u8 op = parse_op(line, line.take("the op"));
		const std::string_view level = line.peek();
		if (level == "SOL_SOCKET" || level == "IPPROTO_TCP" || level == "SOL_TCP")
			line.take("the level");
		else
			line.refuse("the level comes before the option: SOL_SOCKET or IPPROTO_TCP");
		into.options.push_back({op, parse_sockopt(line)});
		if ((level == "SOL_SOCKET") != (into.options.back().what.level == sol::socket))
			line.refuse("the option is not one of " + std::string(level) +
						": SO_ and SK_ are of SOL_SOCKET, TCP_ of IPPROTO_TCP");
	} else if (what == "stamp" && line.accept("sends")) {
		into.stamp_sends = true;
	} else {
		line.refuse("a program knows no '" + std::string(what) +
					"': it knows flags, reply, reserve, setsockopt and stamp sends");
	}
}

/// With no side both get the line.
void parse_programs(words& line, timeline_settings& into) {
	const bool client = line.accept("client"), server = !client && line.accept("server");
	words again = line;
	parse_program(line, into.programs[server ? 1 : 0]);
	if (!client && !server)
		parse_program(again, into.programs[1]);
}

} // namespace

timeline_sockopt parse_sockopt(words& line) {
	const std::string_view name = line.take("the option's name");
	const option_name* const found = find_option(name);
	if (!found)
		line.refuse("no option '" + std::string(name) + "': known are " + all_option_names());
	timeline_sockopt option{found->level, found->number, 0, {}};
	if (found->is_text)
		option.text = line.take("the option's value");
	else
		option.value = static_cast<int>(line.signed_number("the option's value"));
	return option;
}

bool is_setting(std::string_view word) noexcept {
	constexpr std::string_view all[] = {"family",  "address", "congestion_control", "mtu", "delay", "sysctl",
										"program", "option"};
	return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

void parse_setting(words& line, timeline_settings& into) {
	const std::string_view what = line.take("a setting");
	if (what == "family") {
		const std::string_view family = line.take("ipv4 or ipv6");
		if (family != "ipv4" && family != "ipv6")
			line.refuse("no family '" + std::string(family) + "': it is ipv4 or ipv6");
		into.ipv6 = family == "ipv6";
	} else if (what == "address") {
		parse_address(line, into);
	} else if (what == "congestion_control") {
		parse_congestion_controls(line, into);
	} else if (what == "mtu") {
		into.mtu = line.number("the MTU", 0x7fffffff);
		if (into.mtu < 100)
			line.refuse("an MTU of less than 100 bytes is not modelled: Linux's segments do not fit into it");
	} else if (what == "delay") {
		into.delay_ns = parse_time(line, line.take("the delay"));
	} else if (what == "sysctl") {
		parse_sysctl(line, into);
	} else if (what == "program") {
		parse_programs(line, into);
	} else {
		const side who = parse_side(line, "whose option? write client or server after 'option'");
		into.sockopts[static_cast<std::size_t>(who)].push_back(parse_sockopt(line));
	}
	line.end();
}

} // namespace sockops::testing::parser
