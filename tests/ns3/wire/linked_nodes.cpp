// SPDX-License-Identifier: MIT
#include "linked_nodes.hpp"

#include <ns3/core-module.h> // compiles in C++20, as the adapter comes first
#include <ns3/inet-socket-address.h>
#include <ns3/inet6-socket-address.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4.h>
#include <ns3/ipv6-address-helper.h>
#include <ns3/ipv6.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/tcp-socket-factory.h>

namespace test {

using namespace ns3;

linked_nodes::linked_nodes(const std::string& rate, Time delay, bool with_ipv6) : ipv6(with_ipv6) {
	Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", BooleanValue(false)); // addresses are there at once
	nodes.Create(2);
	PointToPointHelper link;
	link.SetDeviceAttribute("DataRate", StringValue(rate));
	link.SetChannelAttribute("Delay", TimeValue(delay));
	devices = link.Install(nodes);
	InternetStackHelper stack;
	SockOpsHelper::Prepare(stack, nodes);
	stack.SetIpv4StackInstall(!ipv6);
	stack.SetIpv6StackInstall(ipv6);
	stack.Install(nodes);
	if (ipv6)
		Ipv6AddressHelper(Ipv6Address("2001:db8::"), Ipv6Prefix(64)).Assign(devices);
	else
		Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices);
}

Ptr<Socket> linked_nodes::make_socket(uint32_t node, uint16_t port) const {
	const Ptr<Socket> made = Socket::CreateSocket(nodes.Get(node), TcpSocketFactory::GetTypeId());
	if (port != 0 && ipv6)
		made->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port));
	else if (port != 0)
		made->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
	return made;
}

Address linked_nodes::address(uint32_t node, uint16_t port) const {
	const Ptr<Node> there = nodes.Get(node);
	if (ipv6) // the first is link-local
		return Inet6SocketAddress(there->GetObject<Ipv6>()->GetAddress(1, 1).GetAddress(), port);
	return InetSocketAddress(there->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(), port);
}

} // namespace test
