// SPDX-License-Identifier: MIT
// A TCP segment as tests see it on its way, and its loss at a device.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <sockops/ns3/ns3.hpp>

#include <ns3/net-device.h>
#include <ns3/packet.h>

namespace test {

/// `lone` is data that fills no segment; `ack` has neither data nor SYN, FIN, RST.
enum class kind : uint8_t { syn, synack, data, lone, ack, fin, any };

/// A segment of one of the connections.
struct segment {
	int64_t time_us;
	unsigned connection;
	bool from_client;
	uint8_t flags;
	uint16_t window; ///< as in the header
	uint32_t seq, ack;
	uint32_t data; ///< bytes
	bool ect;      ///< ECN-capable transport

	static constexpr uint32_t full = 1000; ///< bytes of data, where a test says nothing else

	bool is(kind what) const;
};
/// What stands behind the IP header of a packet; nothing if that is no TCP. Connection n is the one whose
/// server has the port first_port + n; clients have higher ports.
std::optional<segment> parse_segment(ns3::Ptr<const ns3::Packet> packet, uint16_t first_port, bool ipv6);

/// Each segment that comes to a point-to-point device is lost, if is_lost() says so.
void lose_at(ns3::Ptr<ns3::NetDevice> device, uint16_t first_port, bool ipv6,
			 std::function<bool(const segment&)> is_lost);

} // namespace test
