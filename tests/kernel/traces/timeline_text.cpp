// SPDX-License-Identifier: MIT
#include "timeline_text.hpp"

#include <cstdio>
#include <initializer_list>
#include <string_view>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace traces {

namespace {

constexpr std::size_t longest_line = 110;

/// One after the other.
std::string join(std::initializer_list<std::string_view> parts) {
	std::string text;
	for (const std::string_view part : parts)
		text += part;
	return text;
}

std::string number(std::int64_t value) { return std::to_string(value); }

std::string hex(std::uint32_t value) {
	char text[16];
	std::snprintf(text, sizeof(text), "%#x", value);
	return text;
}

const char* name_of(side who) { return who == side::client ? "client" : "server"; }

const char* name_of(packet kind) {
	const char* const names[] = {"syn", "synack", "ack", "data", "fin", "rst", "any"};
	return names[static_cast<int>(kind)];
}

std::string time_of(std::chrono::nanoseconds after) {
	const std::int64_t us = after.count() / 1000;
	if (us == 0)
		return "+0";
	if (us % 1'000'000 == 0)
		return join({"+", number(us / 1'000'000), "s"});
	return us % 1000 == 0 ? join({"+", number(us / 1000), "ms"}) : join({"+", number(us), "us"});
}

std::string drop_of(const step& one) {
	const std::string count = one.count == 0 ? "none" : one.count == step::all ? "all" : number(one.count);
	const std::string begin = join({"link drop ", name_of(one.who), " ", name_of(one.kind), " ", count});
	return one.pass ? join({begin, " after ", number(one.pass)}) : begin;
}

/// Known options by name; the rest as "opt 253 eb9f0102".
std::string option_of(const std::uint8_t* option, std::size_t size) {
	const auto big_endian = [&](std::size_t at, std::size_t length) {
		std::int64_t value = 0;
		for (std::size_t byte = at; byte != at + length; ++byte)
			value = value << 8 | option[byte];
		return number(value);
	};
	if (option[0] <= 1)
		return option[0] ? "nop" : "eol";
	if (option[0] == 2 && size == 4)
		return "mss " + big_endian(2, 2);
	if (option[0] == 3 && size == 3)
		return "wscale " + big_endian(2, 1);
	if (option[0] == 4 && size == 2)
		return "sackOK";
	if (option[0] == 8 && size == 10)
		return join({"TS val ", big_endian(2, 4), " ecr ", big_endian(6, 4)});
	std::string hex_digits;
	for (std::size_t at = 2; at < size; ++at) {
		char digits[3];
		std::snprintf(digits, sizeof(digits), "%02x", option[at]);
		hex_digits += digits;
	}
	return join({"opt ", number(option[0]), " ", hex_digits});
}

std::string options_of(const std::vector<std::uint8_t>& all) {
	std::string text;
	for (std::size_t at = 0; at < all.size();) {
		const std::size_t size = all[at] <= 1 || at + 1 == all.size() ? 1 : all[at + 1];
		text += at ? "," : "";
		text += option_of(&all[at], size);
		at += size ? size : 1;
	}
	return text;
}

/// "peer sends S. 0:0 ack 1 win 65535 <mss 1460,sackOK> ect"
std::string segment_of(const peer_segment& one) {
	constexpr std::string_view letters = "FSRP.UEW"; // bit 0 to 7
	std::string flags;
	for (std::size_t bit = 0; bit != letters.size(); ++bit)
		if (one.flags & 1u << bit)
			flags += letters[bit];
	std::string text = join({"peer sends ", flags, " ", number(one.seq), ":", number(one.end_seq)});
	if (one.ack)
		text += join({" ack ", number(*one.ack)});
	text += join({" win ", number(one.window)});
	if (!one.options.empty())
		text += join({" <", options_of(one.options), ">"});
	return one.ect ? text + " ect" : text;
}

std::string action_of(const step& one) {
	const char* const names[] = {"listen",   "connect", "accept",     "send", "read", "close",
								 "shutdown", "abort",   "disconnect", "drop", "wait"};
	if (one.what == action::drop)
		return drop_of(one);
	if (one.what == action::wait)
		return "wait";
	if (one.what == action::peer_sends)
		return segment_of(one.peer);
	const std::string text = join({name_of(one.who), " ", names[static_cast<int>(one.what)]});
	if (one.what != action::send)
		return text;
	return join({text, " ", number(one.bytes), one.count > 1 ? " x " + number(one.count) : ""});
}

struct named {
	int level, number;
	const char* name;
};
constexpr named socket_options[] = {
	{IPPROTO_TCP, TCP_SYNCNT, "TCP_SYNCNT"},     {IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY"},
	{IPPROTO_TCP, TCP_QUICKACK, "TCP_QUICKACK"}, {IPPROTO_TCP, TCP_SAVE_SYN, "TCP_SAVE_SYN"},
	{IPPROTO_TCP, TCP_MAXSEG, "TCP_MAXSEG"},     {IPPROTO_TCP, TCP_CONGESTION, "TCP_CONGESTION"},
	{IPPROTO_TCP, TCP_FASTOPEN, "TCP_FASTOPEN"}, {IPPROTO_TCP, TCP_FASTOPEN_CONNECT, "TCP_FASTOPEN_CONNECT"},
	{SOL_SOCKET, 1009, "SK_BPF_CB_FLAGS"},
};

std::string option_name(int level, int name) {
	for (const named& each : socket_options)
		if (each.level == level && each.number == name)
			return each.name;
	return number(name);
}

/// The settings of a program, each after `begin`.
std::string settings_of(const program& one, const std::string& begin) {
	std::string text;
	if (one.flags)
		text += join({begin, "flags ", hex(one.flags), "\n"});
	for (const op_reply& each : one.replies)
		text += join({begin, "reply ", op_name(each.op), " ", number(each.value), "\n"});
	if (one.reserve)
		text += join({begin, "reserve ", number(one.reserve), "\n"});
	for (const program::option& each : one.options)
		text += join({begin, "setsockopt ", op_name(each.op), "_CB ",
					  each.level == SOL_SOCKET ? "SOL_SOCKET " : "IPPROTO_TCP ",
					  option_name(each.level, each.name), " ", number(each.value), "\n"});
	if (one.stamps_sends)
		text += join({begin, "stamp sends\n"});
	return text;
}

std::string settings_of(const timeline& what) {
	std::string text;
	if (what.family == ip_family::ipv6)
		text += "\tfamily ipv6\n";
	if (what.mtu != 1500)
		text += join({"\tmtu ", number(what.mtu), "\n"});
	for (const sysctl& each : what.sysctls)
		text += join({"\tsysctl ", each.name, " ", each.value, "\n"});
	const std::string client = settings_of(what.client, "\tprogram ");
	const std::string server = settings_of(what.server, "\tprogram ");
	if (what.scripted)
		text += what.scripted == side::client ? server : client;
	else if (client == server)
		text += client;
	else
		text += settings_of(what.client, "\tprogram client ") + settings_of(what.server, "\tprogram server ");
	for (const socket_option& each : what.options)
		text += join({"\toption ", name_of(each.who), " ", option_name(each.level, each.name), " ",
					  each.text.empty() ? number(each.value) : each.text, "\n"});
	return text;
}

/// As many lines as it takes.
std::string expectation(const char* who, const std::vector<call>& calls) {
	const std::string begin = join({"\t\t", who, ":"});
	std::string text, line = begin;
	for (const call& one : calls) {
		const std::string word = join({" ", text_of(one)});
		if (line.size() + word.size() > longest_line) {
			text += line + "\n";
			line = begin;
		}
		line += word;
	}
	return text + line + (calls.empty() ? " nothing\n" : "\n");
}

} // namespace

std::string text_of(const step& one) { return join({time_of(one.after), " ", action_of(one)}); }

std::string timeline_text(const scenario& what, const trace& seen) {
	const std::string settings = settings_of(what.what);
	std::string text = join({what.prose, "\n\n", settings, settings.empty() ? "" : "\n"});
	for (std::size_t at = 0; at != what.what.steps.size(); ++at) {
		text += join({"\t", text_of(what.what.steps[at]), "\n"});
		if (at < seen.size())
			text += expectation("client", seen[at].client) + expectation("server", seen[at].server);
	}
	return text;
}

} // namespace traces
