// SPDX-License-Identifier: MIT
#include "scenarios.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace traces {

namespace {

enum : std::uint32_t { op_timeout_init = 1, op_active_established = 4, op_passive_established = 5, op_needs_ecn = 6 };
constexpr int sk_bpf_cb_flags = 1009;

using steps = std::vector<step>;

step listen_() { return {0ms, action::listen, side::server}; }
step connect_() { return {0ms, action::connect, side::client}; }
step does(std::chrono::nanoseconds after, side who, action what) { return {after, what, who}; }
step client(std::chrono::nanoseconds after, action what) { return {after, what, side::client}; }
step server(std::chrono::nanoseconds after, action what) { return {after, what, side::server}; }
step send(std::chrono::nanoseconds after, side who, std::uint32_t bytes, std::uint32_t count = 1) {
	return {after, action::send, who, bytes, count};
}
step drop(side who, packet kind, std::uint32_t count, std::uint32_t pass = 0) {
	return {0ms, action::drop, who, 0, count, pass, kind};
}
step wait(std::chrono::nanoseconds after) { return {after, action::wait}; }

steps operator+(steps first, const steps& then) {
	first.insert(first.end(), then.begin(), then.end());
	return first;
}

steps established() { return {listen_(), connect_(), server(50ms, action::accept)}; }
steps client_closes_first() {
	return {client(100ms, action::close), server(100ms, action::close), server(100ms, action::close), wait(100ms)};
}

steps plain() {
	return established() +
		   steps{send(100ms, side::client, 100), server(100ms, action::read), send(100ms, side::server, 50),
				 client(100ms, action::read)} +
		   client_closes_first();
}

timeline named(const char* name, std::uint32_t flags, steps what) {
	timeline one;
	one.name = name;
	one.client.flags = one.server.flags = flags;
	one.steps = std::move(what);
	return one;
}

timeline with_reserved(timeline one, std::uint32_t bytes) {
	one.client.reserve = one.server.reserve = bytes;
	return one;
}

} // namespace

std::vector<timeline> scenarios() {
	std::vector<timeline> all;
	all.push_back(named("plain", 0, plain()));
	all.push_back(named("plain_0xf", 0xf, plain()));
	all.push_back(named("plain_0x7f", 0x7f, plain()));
	all.push_back(with_reserved(named("plain_0x7f_reserve_4", 0x7f, plain()), 4));
	all.push_back(named("refused", 0xf, {connect_(), wait(100ms)}));
	(void)does;
	(void)drop;
	return all;
}

} // namespace traces
