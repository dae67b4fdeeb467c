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

namespace {

using namespace ns3;

int reply(sockops::bpf_sock_ops& skops) {
	skops.reply = 50;
	if (const Ptr<SockOpsTcpSocket> socket = SockOpsTcpSocket::Of(skops))
		NS_ABORT_IF(!socket->GetSpace());
	return 1;
}

void called(Ptr<const SockOpsTcpSocket> socket, const sockops::trace_call& call) {
	NS_ABORT_IF(call.steps.empty() || socket->GetSock().skc_num == 0);
}

void hook(SockOpsHelper& helper, const NodeContainer& nodes, const ApplicationContainer& applications) {
	helper.Join(nodes, "/fleet");
	helper.JoinAt(Seconds(2), nodes, "/fleet/later");
	helper.Join(applications, "/fleet/applications");
	helper.Join(applications.Get(0), "/fleet/application");
	helper.In(nodes.Get(0), "/fleet/inside", [] {});
	const auto mine = sockops::make_bpf_prog("mine", reply);
	helper.Attach("/fleet", mine);
	helper.Attach("/fleet", mine, sockops::attach_flags::allow_multi);
	helper.Attach(nodes, "/fleet/web", mine);
	NS_ABORT_IF(!helper.IsAttached("/fleet", mine));
	NS_ABORT_IF(sockops::cgroup_bpf_attach(helper.GetCgroup("/fleet"), mine) != 0);
	const Time second = JiffiesToTime(helper.GetNet(), helper.GetNet().profile.hz);
	NS_ABORT_UNLESS(TimeToJiffies(helper.GetNet(), second) == helper.GetNet().profile.hz);
}

void sockets(const Ptr<Node>& node) {
	const auto tcp = node->GetObject<SockOpsTcpL4Protocol>();
	const auto space = Create<SockOpsSpace>(sockops::net_profile{});
	tcp->Join(space, space->GetCgroup("/"));
	tcp->Enter(space, space->GetCgroup("/inside"));
	tcp->Leave();
	auto factory = CreateObject<SockOpsTcpSocketFactory>();
	factory->SetTcp(tcp);
	const auto hooked = DynamicCast<SockOpsTcpSocket>(tcp->CreateSocket(TcpVegas::GetTypeId()));
	hooked->Hook(space, space->GetCgroup("/other"));
	hooked->TraceConnectWithoutContext("Callback", MakeCallback(&called));
	hooked->TraceConnectWithoutContext("CallbackOp", Callback<void, uint32_t, uint32_t>());
	NS_ABORT_IF(hooked->GetInstanceTypeId() != SockOpsTcpSocket::GetTypeId());
	hooked->SetRtt(CreateObject<RttMeanDeviation>());
	hooked->SetCongestionControlAlgorithm(MakeCongestionOps("cubic"));
	NS_ABORT_IF(CongestionOpsName(TcpVegas::GetTypeId()) != "vegas");
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
	ns3::InternetStackHelper stack, of_ones_own;
	ns3::SockOpsHelper helper(sockops::net_profile{});
	helper.Install(stack, nodes.Get(0));
	helper.Prepare(of_ones_own, nodes.Get(1));
	of_ones_own.Install(nodes.Get(1));

	ns3::PointToPointHelper link;
	ns3::Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
	addresses.Assign(link.Install(nodes));
	ns3::BulkSendHelper sender("ns3::TcpSocketFactory",
							   ns3::InetSocketAddress(ns3::Ipv4Address("10.0.0.2"), 80));
	const ns3::ApplicationContainer applications = sender.Install(nodes.Get(0));
	hook(helper, nodes, applications);
	sockets(nodes.Get(0));
	whole_core_module();
	ns3::Simulator::Run();
	ns3::Simulator::Destroy();
}
