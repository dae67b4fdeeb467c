// SPDX-License-Identifier: MIT
// Short words for scenarios.
#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "scenarios.hpp"

namespace traces::make {

using steps = std::vector<step>;
using std::chrono::nanoseconds;

enum op : std::uint32_t {
	timeout_init = 1,
	rwnd_init = 2,
	active_established = 4,
	passive_established = 5,
	needs_ecn = 6,
};
constexpr int sk_bpf_cb_flags = 1009;
constexpr std::uint32_t four_flags = 0xf, all_flags = 0x7f;

steps operator+(steps first, const steps& then);

inline step client(nanoseconds after, action what) { return {after, what, side::client}; }
inline step server(nanoseconds after, action what) { return {after, what, side::server}; }
inline step send(nanoseconds after, side who, std::uint32_t bytes, std::uint32_t count = 1) {
	return {after, action::send, who, bytes, count};
}
inline step drop(side who, packet kind, std::uint32_t count, std::uint32_t pass = 0) {
	return {0ms, action::drop, who, 0, count, pass, kind};
}
inline step wait(nanoseconds after) { return {after, action::wait}; }

inline steps listening() { return {server(0ms, action::listen)}; }
inline steps connecting() { return {client(0ms, action::connect)}; }
inline steps accepting() { return {server(50ms, action::accept)}; }
inline steps established() { return listening() + connecting() + accepting(); }
inline steps both_ways() {
	return {send(100ms, side::client, 100), server(100ms, action::read), send(100ms, side::server, 50),
			client(100ms, action::read)};
}
/// The listener is the last to be closed.
inline steps client_closes_first() {
	return {client(100ms, action::close), server(100ms, action::close), server(100ms, action::close),
			wait(100ms)};
}
inline steps plain() { return established() + both_ways() + client_closes_first(); }

inline scenario of(const char* name, const char* prose, std::uint32_t flags, steps what) {
	scenario one;
	one.prose = prose;
	one.what.name = name;
	one.what.client.flags = one.what.server.flags = flags;
	one.what.steps = std::move(what);
	return one;
}
/// With the same change to the programs of both sides.
template <class Change>
scenario with_programs(scenario one, Change change) {
	change(one.what.client);
	change(one.what.server);
	return one;
}
inline scenario with_sysctls(scenario one, std::vector<sysctl> all) {
	one.what.sysctls = std::move(all);
	return one;
}
inline scenario with_options(scenario one, std::vector<socket_option> all) {
	one.what.options = std::move(all);
	return one;
}

} // namespace traces::make
