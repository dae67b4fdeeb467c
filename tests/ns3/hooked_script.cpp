// SPDX-License-Identifier: MIT
// A script that names every public thing of the adapter. check_headers.sh compiles it against the
// headers of any ns-3; it is not linked, and never run. With NS3_FIRST ns-3's headers come before ours.

#ifdef NS3_FIRST
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#ifndef WITHOUT_INTERNET_MODULE
#include <ns3/internet-module.h>
#endif
#endif

#include <sockops/ns3/ns3.hpp>

#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/rtt-estimator.h>
#include <ns3/tcp-vegas.h>
#ifndef WITHOUT_INTERNET_MODULE
#include <ns3/internet-module.h>
#endif

#include <cstdint>
#include <string>
#include <type_traits>

namespace {

using namespace ns3;

/// The stack with our TCP: releases from 3.39 on have no SetTcp(), and leave a TCP that is there alone.
template <class Stack>
void install(Stack& stack, const NodeContainer& nodes) {
	if constexpr (requires { stack.SetTcp("ns3::SockOpsTcpL4Protocol"); })
		stack.SetTcp("ns3::SockOpsTcpL4Protocol");
	else
		for (uint32_t i = 0; i != nodes.GetN(); ++i)
			nodes.Get(i)->AggregateObject(CreateObject<SockOpsTcpL4Protocol>());
	stack.Install(nodes);
}

int reply(sockops::bpf_sock_ops& skops) {
	skops.reply = 50;
	return 1;
}

void hook(const NodeContainer& nodes) {
	SockOpsHelper helper(sockops::net_profile{});
	helper.Join(nodes, "/fleet");
	helper.Attach("/fleet", sockops::make_bpf_prog("mine", reply));
	helper.Attach("/fleet", sockops::make_bpf_prog("mine too", reply), sockops::attach_flags::allow_multi);
	helper.Attach(nodes, "/fleet/web", sockops::make_bpf_prog("both", reply));
	NS_ABORT_IF(sockops::cgroup_bpf_attach(helper.GetCgroup("/fleet"),
										   sockops::make_bpf_prog("by hand", reply)) != 0);
	const Time second = JiffiesToTime(helper.GetNet(), helper.GetNet().profile.hz);
	NS_ABORT_UNLESS(TimeToJiffies(helper.GetNet(), second) == helper.GetNet().profile.hz);
}

void sockets(const Ptr<Node>& node) {
	const auto tcp = node->GetObject<SockOpsTcpL4Protocol>();
	const Ptr<Socket> socket = tcp->CreateHookedSocket();
	const auto space = Create<SockOpsSpace>(sockops::net_profile{});
	tcp->Join(space, space->GetCgroup("/"));
	const auto hooked = DynamicCast<SockOpsTcpSocket>(socket);
	hooked->Hook(space, space->GetCgroup("/other"));
	NS_ABORT_IF(hooked->GetSock().skc_num == 0);
	NS_ABORT_IF(hooked->GetInstanceTypeId() != SockOpsTcpSocket::GetTypeId());
	auto factory = CreateObject<SockOpsTcpSocketFactory>();
	factory->SetTcp(tcp);
	hooked->SetRtt(CreateObject<RttMeanDeviation>());
	hooked->SetCongestionControlAlgorithm(MakeCongestionOps("cubic"));
	NS_ABORT_IF(CongestionOpsName(CreateObject<TcpVegas>()) != "vegas");
}

/// What a script does of its own with what core-module.h has: nothing of it may be hidden for good.
void whole_core_module() {
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
	Time::SetResolution(Time::NS);
	const Ptr<UniformRandomVariable> number = CreateObject<UniformRandomVariable>();
	Simulator::Schedule(Seconds(number->GetValue()), [] {});
#ifdef NS3_WITH_SINGLETON
	struct counter {
		int count = 0;
	};
	++Singleton<counter>::Get()->count;
	++SimulationSingleton<counter>::Get()->count;
#endif
}

} // namespace

int main() {
	ns3::NodeContainer nodes(2);
	ns3::InternetStackHelper stack;
	install(stack, nodes);
	hook(nodes);
	sockets(nodes.Get(0));
	whole_core_module();

	ns3::PointToPointHelper link;
	ns3::Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
	addresses.Assign(link.Install(nodes));
	ns3::BulkSendHelper sender("ns3::TcpSocketFactory",
							   ns3::InetSocketAddress(ns3::Ipv4Address("10.0.0.2"), 80));
	sender.Install(nodes.Get(0)).Start(ns3::Seconds(1));
	ns3::Simulator::Run();
	ns3::Simulator::Destroy();
}
