// SPDX-License-Identifier: MIT
#include "names.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <arpa/inet.h>

#include "../text/line_reader.hpp"

namespace sockops::testing::text {

namespace {

using parser::quoted;

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_word(char c) noexcept { return is_letter(c) || is_digit(c); }

/// Where a run of such characters that begins at `at` ends; a dot goes on before another.
std::size_t end_of_word(std::string_view text, std::size_t at) noexcept {
	while (at < text.size() &&
		   (is_word(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_word(text[at + 1]))))
		++at;
	return at;
}

/// "{1, 2, 3, 4}" of an IPv6 address, or the number that a program reads of one of IPv4.
std::string address_text(u16 family, const in6_words& ip) {
	if (family != af_inet6)
		return std::to_string(ip[3]);
	std::string words;
	for (std::size_t each = 0; each != 4; ++each)
		words.append(each ? ", " : "{").append(std::to_string(ip[each]));
	return words += '}';
}

constexpr std::string_view members_of_a_socket[] = {"cookie", "ip", "port", "remote_ip", "remote_port"};

/// TCP_ESTABLISHED and BPF_SOCK_OPS_RTT_CB, as uapi has them.
std::optional<u32> constant_of_the_kernel(std::string_view word) noexcept {
	if (word.starts_with("TCP_"))
		return parser::find_state(word);
	if (word.starts_with(parser::uapi_prefix))
		for (const op_info& each : op_table)
			if (word.substr(parser::uapi_prefix.size()) == each.name)
				return each.op;
	return std::nullopt;
}

} // namespace

std::optional<s64> number_in(std::string_view word) noexcept {
	const bool is_negative = word.starts_with('-');
	word.remove_prefix(is_negative);
	const bool is_hex = word.starts_with("0x");
	word.remove_prefix(is_hex ? 2 : 0);
	u64 value = 0;
	const auto [end, error] = std::from_chars(word.begin(), word.end(), value, is_hex ? 16 : 10);
	if (word.empty() || error != std::errc{} || end != word.end())
		return std::nullopt;
	return static_cast<s64>(is_negative ? 0 - value : value);
}

void names::look(facts& at, const sock_common& sk) {
	at.sk = &sk;
	at.cookie = sk.skc_cookie;
	if (sk.skc_num == 0) // closed: what it was is what is asked for
		return;
	at.family = sk.skc_family;
	at.port = sk.skc_num;
	at.remote_port = be16_to_cpu(sk.skc_dport);
	at.ip = sk.skc_family == af_inet6 ? sk.skc_v6_rcv_saddr : in6_words{{0, 0, 0, sk.skc_rcv_saddr}};
	at.remote_ip = sk.skc_family == af_inet6 ? sk.skc_v6_daddr : in6_words{{0, 0, 0, sk.skc_daddr}};
}

void names::saw(side who, const trace_call& call) {
	if (!call.is_fullsock)
		return;
	for (auto& [name, each] : sockets_)
		if (each.sk == call.sk)
			return look(each, *call.sk);
	const bool listens = call.state == TCP_LISTEN || call.op == BPF_SOCK_OPS_TCP_LISTEN_CB;
	look(sockets_[listens ? "listener" : side_name(who)] = {}, *call.sk);
}

void names::made(const std::string& name, const sock_common& sk) { look(sockets_[name], sk); }

void names::forget(const sock_common& sk) {
	for (auto& [name, each] : sockets_)
		if (each.sk == &sk)
			each.sk = nullptr;
}

bool names::is_socket(std::string_view name) const {
	return name == "client" || name == "server" || name == "listener" || sockets_.contains(name) ||
		   declared_.contains(name);
}

sock* names::socket(std::string_view name) const {
	const auto found = sockets_.find(name);
	const sock_common* const sk = found == sockets_.end() ? nullptr : found->second.sk;
	return sk && sk_fullsock(sk) ? const_cast<sock*>(static_cast<const sock*>(sk)) : nullptr;
}

std::string names::name_of(const sock_common& sk) const {
	for (const auto& [name, each] : sockets_)
		if (each.sk == &sk)
			return name;
	return "another socket";
}

std::string names::member(std::string_view socket, std::string_view of) const {
	if (!is_socket(socket)) {
		std::string all = "client, server, listener";
		for (const std::string& each : declared_)
			all.append(", ").append(each);
		throw unknown_word("there is no socket " + quoted(socket) + ": there are " + all);
	}
	if (std::ranges::find(members_of_a_socket, of) == std::end(members_of_a_socket))
		throw unknown_word("a socket has no " + quoted(of) +
						   ": it has cookie, ip, port, remote_ip and remote_port");
	if (only_checks_)
		return "_";
	const auto found = sockets_.find(socket);
	if (found == sockets_.end())
		throw not_there_yet("there is no " + std::string(socket) +
							" yet: no op of such a socket has been called");
	const facts& it = found->second;
	if (of == "cookie" && it.cookie == 0)
		throw not_there_yet("the " + std::string(socket) +
							" has no cookie: no program has asked for it (bpf_get_socket_cookie)");
	if (of == "cookie")
		return std::to_string(it.cookie);
	if (of == "port" || of == "remote_port")
		return std::to_string(of == "port" ? it.port : it.remote_port);
	return address_text(it.family, of == "ip" ? it.ip : it.remote_ip);
}

/// `behind`: what follows it.
std::string names::identifier(std::string_view word, std::string_view behind) const {
	const std::size_t dot = word.find('.');
	if (dot != word.npos)
		return member(word.substr(0, dot), word.substr(dot + 1));
	const std::size_t next = behind.find_first_not_of(" \t");
	const bool is_member = next != behind.npos && (behind[next] == ':' || behind[next] == '=');
	if (is_member)
		return std::string(word);
	if (const auto found = values_.find(word); found != values_.end())
		return found->second;
	const std::optional<u32> constant = constant_of_the_kernel(word);
	return constant ? std::to_string(*constant) : std::string(word);
}

/// The one that begins at `at`, which then is behind it.
std::string names::word(std::string_view whole, std::size_t& at) const {
	const std::size_t begin = at;
	at = end_of_word(whole, at);
	const std::string_view found = whole.substr(begin, at - begin);
	const bool is_short = found == "htons" || found == "ntohs";
	if (is_short || found == "htonl" || found == "ntohl") {
		const std::size_t close = whole.find(')', at);
		if (at == whole.size() || whole[at] != '(' || close == whole.npos)
			throw unknown_word(std::string(found) + " is followed by a number in parentheses");
		const std::string inside = resolved(whole.substr(at + 1, close - at - 1));
		const std::optional<s64> number = number_in(inside);
		if (only_checks_ && inside == "_") {
			at = close + 1;
			return "_";
		}
		if (!number)
			throw unknown_word(quoted(inside) + " is no number, which " + std::string(found) + "() takes");
		at = close + 1;
		return std::to_string(is_short ? u32{cpu_to_be16(static_cast<u16>(*number))}
									   : cpu_to_be32(static_cast<u32>(*number)));
	}
	if (is_letter(found[0]))
		return identifier(found, whole.substr(at));
	be32 address = 0;
	return ::inet_pton(AF_INET, std::string(found).c_str(), &address) == 1 ? std::to_string(address)
																		   : std::string(found);
}

std::string names::resolved(std::string_view text) const {
	std::string all;
	for (std::size_t at = 0; at < text.size();) {
		if (is_word(text[at])) {
			all += word(text, at);
			continue;
		}
		const std::size_t begin = at;
		if (text[at] == '"')
			for (++at; at < text.size() && text[at] != '"'; ++at)
				at += text[at] == '\\';
		// ".member" is none of ours
		at = std::min(text[begin] == '.' ? end_of_word(text, at + 1) : at + 1, text.size());
		all += text.substr(begin, at - begin);
	}
	return all;
}

std::optional<s64> names::number(const amount& of) const {
	if (of.is_any())
		return std::nullopt;
	if (of.number)
		return of.number;
	const std::string word = resolved(of.text);
	if (const std::optional<s64> number = number_in(word))
		return number;
	if (only_checks_ && word == "_")
		return std::nullopt;
	throw unknown_word(quoted(of.text) + (word == of.text ? " is no number, and no variable: 'let " +
																of.text + " = …' makes one"
														  : " is " + word + ", which is no number"));
}

} // namespace sockops::testing::text
