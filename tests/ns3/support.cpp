// SPDX-License-Identifier: MIT
#include "support.hpp"

#include <sstream>

#include <ns3/core-module.h> // compiles in C++20, as the adapter comes first
#include <ns3/error-model.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/tcp-socket-factory.h>

namespace test {

using namespace ns3;

two_nodes::two_nodes(bool plain_tcp) {
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(mss));
	nodes.Create(2);
	PointToPointHelper link;
	link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
	link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(10)));
	devices_ = link.Install(nodes);
	InternetStackHelper stack;
	stack.SetIpv6StackInstall(false); // its first packets would count as losses
	if (plain_tcp)
		stack.Install(nodes);
	else
		ns3::SockOpsHelper::Install(stack, nodes);
	Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices_);
	watching_.emplace(hook.GetNet(), static_cast<sockops::net_observer&>(*this));
	for (uint32_t i : {0u, 1u})
		nodes.Get(i)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
			"Tx", Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
					  [this, i](Ptr<const Packet> p, Ptr<Ipv4>, uint32_t) { sent(i == 0, p); }));
}

two_nodes::~two_nodes() {
	client = listener = accepted_socket = nullptr;
	Simulator::Destroy();
	Config::Reset();
}

void two_nodes::lose(uint32_t node, std::list<uint32_t> which) {
	auto losses = CreateObject<ReceiveListErrorModel>();
	losses->SetList(which);
	devices_.Get(node)->SetAttribute("ReceiveErrorModel", PointerValue(losses));
}

void two_nodes::serve(std::function<void(Ptr<Socket>)> accepted) {
	listener = Socket::CreateSocket(nodes.Get(1), TcpSocketFactory::GetTypeId());
	listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
	listener->SetAcceptCallback(
		MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
		Callback<void, Ptr<Socket>, const Address&>([this, accepted](Ptr<Socket> socket, const Address&) {
			accepted_socket = socket;
			if (accepted)
				accepted(socket);
		}));
	at(0, [this] { listener->Listen(); });
}

void two_nodes::connect(std::function<void(Ptr<Socket>)> connected, uint16_t to) {
	client = Socket::CreateSocket(nodes.Get(0), TcpSocketFactory::GetTypeId());
	client->SetConnectCallback(Callback<void, Ptr<Socket>>([connected](Ptr<Socket> socket) {
								   if (connected)
									   connected(socket);
							   }),
							   MakeNullCallback<void, Ptr<Socket>>());
	at(1, [this, to] { client->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), to)); });
}

void two_nodes::at(double when, std::function<void()> what) {
	Simulator::Schedule(Seconds(when), [what = std::move(what)] { what(); });
}

void two_nodes::run(double seconds) {
	Simulator::Stop(Seconds(seconds));
	Simulator::Run();
}

void two_nodes::called(const sockops::trace_call& call) {
	if (call.steps.empty())
		return;
	std::string text = sockops::op_name(call.op);
	if (const std::size_t cb = text.rfind("_CB"); cb != std::string::npos)
		text.resize(cb);
	const auto arg = [&](unsigned i) { return std::to_string(call.args[i]); };
	if (call.op == sockops::BPF_SOCK_OPS_STATE_CB)
		text += "(" + arg(0) + ">" + arg(1) + ")";
	if (call.op == sockops::BPF_SOCK_OPS_RTO_CB)
		text += "(" + arg(0) + "," + arg(1) + "," + arg(2) + ")";
	if (!call.is_fullsock)
		text += "*";
	std::string& line = calls_[call.sk->skc_num == port];
	line += (line.empty() ? "" : " ") + text;
}

void two_nodes::sent(bool from_client, Ptr<const Packet> p) {
	const Ptr<Packet> copy = p->Copy();
	Ipv4Header ip;
	TcpHeader tcp;
	copy->RemoveHeader(ip);
	copy->RemoveHeader(tcp);
	end_us = Simulator::Now().GetMicroSeconds();
	packets.push_back({end_us, from_client, tcp.GetFlags(), tcp.GetWindowSize(),
					   tcp.GetSequenceNumber().GetValue(), copy->GetSize(),
					   ip.GetEcn() == Ipv4Header::ECN_ECT0});
}

void open(two_nodes& sim) {
	sim.serve();
	sim.connect();
	sim.run(5);
}

void transfer_with_losses(two_nodes& sim) {
	sim.lose_to_server({0, 12});
	sim.serve(read_and_close);
	sim.connect([](auto socket) {
		send(socket, 50'000);
		socket->Close();
	});
}

std::string summary(two_nodes& sim) {
	std::ostringstream text;
	sim.hook.PrintSummary(text);
	return text.str();
}

void send(Ptr<Socket> socket, uint32_t bytes) { socket->Send(Create<Packet>(bytes)); }

void read_and_close(Ptr<Socket> socket) {
	socket->SetRecvCallback(Callback<void, Ptr<Socket>>([](Ptr<Socket> from) {
		while (const Ptr<Packet> data = from->Recv())
			if (data->GetSize() == 0)
				break;
	}));
	const Callback<void, Ptr<Socket>> close([](Ptr<Socket> from) { from->Close(); });
	socket->SetCloseCallbacks(close, close);
}

} // namespace test
