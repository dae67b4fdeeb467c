// SPDX-License-Identifier: MIT
// Two nodes with hooked TCP and a link between them, by IPv4 or IPv6.
#pragma once

#include <cstdint>
#include <string>

#include <sockops/ns3/ns3.hpp>

#include <ns3/address.h>
#include <ns3/net-device-container.h>
#include <ns3/node-container.h>
#include <ns3/nstime.h>
#include <ns3/socket.h>

namespace test {

struct linked_nodes {
	linked_nodes(const std::string& rate, ns3::Time delay, bool with_ipv6);

	/// A TCP socket on a node, bound to a port of any address of its; 0: to none.
	ns3::Ptr<ns3::Socket> make_socket(uint32_t node, uint16_t port) const;
	/// Where a node is.
	ns3::Address address(uint32_t node, uint16_t port) const;

	const bool ipv6;
	ns3::NodeContainer nodes;
	ns3::NetDeviceContainer devices;
};

} // namespace test
