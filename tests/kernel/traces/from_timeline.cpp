// SPDX-License-Identifier: MIT
#include "from_timeline.hpp"

namespace traces {

namespace {

namespace model = sockops::testing;

// The two have the same enumerators in the same order.
static_assert(static_cast<int>(side::server) == static_cast<int>(model::side::server));
static_assert(static_cast<int>(action::peer_sends) == static_cast<int>(model::timeline_action::peer_sends));
static_assert(static_cast<int>(action::drop) == static_cast<int>(model::timeline_action::drop));
static_assert(static_cast<int>(packet::any) == static_cast<int>(model::packet_kind::any));
static_assert(step::all == model::timeline_event::all);

program from(const model::timeline_program& what) {
	program one;
	one.flags = what.flags;
	for (const auto& each : what.replies)
		one.replies.push_back({each.op, static_cast<std::int32_t>(each.value)});
	one.reserve = what.reserve;
	for (const auto& each : what.options)
		one.options.push_back({each.op, each.what.level, each.what.name, each.what.value});
	one.stamps_sends = what.stamp_sends;
	return one;
}

step from(const model::timeline_event& what, std::uint64_t last_ns) {
	step one;
	one.after = std::chrono::nanoseconds(what.at_ns - last_ns);
	one.what = static_cast<action>(what.what);
	one.who = static_cast<side>(what.who);
	one.bytes = what.bytes;
	one.count = what.count;
	one.pass = what.pass;
	one.kind = static_cast<packet>(what.kind);
	one.peer = {what.peer.flags,  what.peer.seq,     what.peer.end_seq, what.peer.ack,
				what.peer.window, what.peer.options, what.peer.ect};
	return one;
}

} // namespace

timeline from_timeline(const sockops::testing::timeline& what, std::string& cannot) {
	cannot = what.settings.delay_ns ? "a delay: lo has none" : "";
	timeline one;
	one.family = what.settings.ipv6 ? ip_family::ipv6 : ip_family::ipv4;
	one.mtu = what.settings.mtu;
	for (const auto& each : what.settings.sysctls)
		one.sysctls.push_back({each.name, std::to_string(each.value)});
	one.client = from(what.settings.programs[0]);
	one.server = from(what.settings.programs[1]);
	for (const side who : {side::client, side::server})
		for (const auto& each : what.settings.sockopts[static_cast<std::size_t>(who)])
			one.options.push_back({who, each.level, each.name, each.value, each.text});
	std::uint64_t last_ns = 0;
	for (const auto& each : what.events) {
		one.steps.push_back(from(each, last_ns));
		last_ns = each.at_ns;
	}
	if (what.scripted)
		one.scripted = static_cast<side>(*what.scripted);
	return one;
}

} // namespace traces
