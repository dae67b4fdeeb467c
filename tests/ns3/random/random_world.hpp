// SPDX-License-Identifier: MIT
// Runs a random scenario, plain or hooked, and says all that could be seen: each packet at each node's IP,
// and what each application got.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "random_peer.hpp"
#include "random_scenario.hpp"

namespace test {

/// A packet as a node hands it to a link, its own or a forwarded one.
struct sent_packet {
	std::int64_t ns;
	std::uint64_t hash; ///< of all its bytes
	std::uint32_t node, interface, size;
	std::uint8_t head[100]; ///< its first bytes: the headers

	bool operator==(const sent_packet&) const = default;
};

struct outcome {
	std::uint64_t hash = 0;  ///< of all of `packets`
	std::uint64_t calls = 0; ///< of programs; who hooks counts them
	std::vector<sent_packet> packets;
	std::vector<side_end> sides; ///< of each connection two: who connects, the other
};

/// Has nodes join cgroups, and attaches programs. Called before anything happens.
using hooking = std::function<void(ns3::SockOpsHelper&, const ns3::NodeContainer&)>;

/// The simulation, in a process that has none going on. Without `hook` with ns-3's own TCP. `seconds`: as
/// long as that in place of the scenario's time.
outcome run(const scenario& what, const hooking& hook = {}, std::uint32_t seconds = 0);

/// The first packet that differs, in words; "" if all are the same.
std::string first_difference(const outcome& a, const outcome& b);

} // namespace test
