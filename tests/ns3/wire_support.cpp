// SPDX-License-Identifier: MIT
#include "wire_support.hpp"

#include <algorithm>
#include <optional>

#include <ns3/core-module.h> // compiles in C++20, as the adapter comes first
#include <ns3/error-model.h>
#include <ns3/inet-socket-address.h>
#include <ns3/inet6-socket-address.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/ipv6-address-helper.h>
#include <ns3/ipv6-header.h>
#include <ns3/ipv6-l3-protocol.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/ppp-header.h>
#include <ns3/tcp-socket-factory.h>

namespace test {

using namespace ns3;

namespace {

constexpr uint8_t tcp_protocol = 6;

/// A TCP segment of ours behind its IP header.
std::optional<segment> parse(Ptr<const Packet> packet, bool ipv6) {
	const Ptr<Packet> copy = packet->Copy();
	segment found{};
	if (ipv6) {
		Ipv6Header ip;
		copy->RemoveHeader(ip);
		if (ip.GetNextHeader() != tcp_protocol)
			return {};
		found.ect = ip.GetEcn() == Ipv6Header::ECN_ECT0;
	} else {
		Ipv4Header ip;
		copy->RemoveHeader(ip);
		if (ip.GetProtocol() != tcp_protocol)
			return {};
		found.ect = ip.GetEcn() == Ipv4Header::ECN_ECT0;
	}
	TcpHeader tcp;
	copy->RemoveHeader(tcp);
	const uint16_t server = std::min(tcp.GetSourcePort(), tcp.GetDestinationPort());
	found.time_us = Simulator::Now().GetMicroSeconds();
	found.connection = static_cast<unsigned>(server - wire::first_port);
	found.from_client = tcp.GetDestinationPort() == server;
	found.flags = tcp.GetFlags();
	found.window = tcp.GetWindowSize();
	found.seq = tcp.GetSequenceNumber().GetValue();
	found.ack = tcp.GetAckNumber().GetValue();
	found.data = copy->GetSize();
	return found;
}

} // namespace

/// Asks the simulation about each packet that comes to a device.
class wire::losing : public ErrorModel {
  public:
	void Set(wire& whose) { m_wire = &whose; }

  private:
	bool DoCorrupt(Ptr<Packet> packet) override {
		const Ptr<Packet> copy = packet->Copy();
		PppHeader ppp;
		copy->RemoveHeader(ppp);
		const auto found = parse(copy, m_wire->setup_.ipv6);
		return found && m_wire->is_lost(*found);
	}
	void DoReset() override {}

	wire* m_wire = nullptr;
};

std::string name_of(const wire_setup& setup) {
	return std::string(setup.ipv6 ? "ipv6" : "ipv4") + "_" + std::to_string(setup.connections) +
		   (setup.losses ? "_losses" : "_no_loss");
}

bool segment::is(kind what) const {
	switch (what) {
	case kind::syn:
		return (flags & (TcpHeader::SYN | TcpHeader::ACK)) == TcpHeader::SYN;
	case kind::synack:
		return (flags & (TcpHeader::SYN | TcpHeader::ACK)) == (TcpHeader::SYN | TcpHeader::ACK);
	case kind::data:
		return data > 0;
	case kind::lone:
		return data > 0 && data < wire::mss;
	case kind::ack:
		return data == 0 && (flags & (TcpHeader::SYN | TcpHeader::FIN | TcpHeader::RST)) == 0;
	case kind::fin:
		return (flags & TcpHeader::FIN) != 0;
	case kind::any:
		return true;
	}
	return false;
}

wire::wire(const wire_setup& setup) : setup_(setup), ends_(2 * setup.connections) {
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(mss));
	Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", BooleanValue(false));
	nodes_.Create(2);
	PointToPointHelper link;
	link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
	link.SetChannelAttribute("Delay", TimeValue(MicroSeconds(rtt_us / 2)));
	const NetDeviceContainer devices = link.Install(nodes_);
	InternetStackHelper stack;
	stack.SetTcp("ns3::SockOpsTcpL4Protocol");
	stack.SetIpv4StackInstall(!setup.ipv6);
	stack.SetIpv6StackInstall(setup.ipv6);
	stack.Install(nodes_);
	if (setup.ipv6)
		Ipv6AddressHelper(Ipv6Address("2001:db8::"), Ipv6Prefix(64)).Assign(devices);
	else
		Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices);
	hook.Join(nodes_, "/all");
	for (uint32_t i : {0u, 1u}) {
		const auto losses = CreateObject<losing>();
		losses->Set(*this);
		devices.Get(i)->SetAttribute("ReceiveErrorModel", PointerValue(losses));
		watch(nodes_.Get(i));
	}
	for (unsigned i = 0; i != setup.connections; ++i) {
		serve(i);
		connect(i);
	}
}

wire::~wire() {
	ends_.clear();
	listeners_.clear();
	Simulator::Destroy();
	Config::Reset();
}

void wire::watch(Ptr<Node> node) {
	const auto keep = [this](segments& to, Ptr<const Packet> packet) {
		if (const auto found = parse(packet, setup_.ipv6))
			to.push_back(*found);
	};
	const auto on = [&](const char* source, segments& to) {
		if (setup_.ipv6)
			node->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
				source, Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
							[keep, &to](Ptr<const Packet> p, Ptr<Ipv6>, uint32_t) { keep(to, p); }));
		else
			node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
				source, Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
							[keep, &to](Ptr<const Packet> p, Ptr<Ipv4>, uint32_t) { keep(to, p); }));
	};
	on("Tx", sent_);
	on("Rx", arrived_);
}

Ptr<Socket> wire::make_socket(Ptr<Node> node) const {
	return Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
}

void wire::serve(unsigned connection) {
	const Ptr<Socket> listener = make_socket(nodes_.Get(1 - connection % 2));
	const auto port = static_cast<uint16_t>(first_port + connection);
	if (setup_.ipv6)
		listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port));
	else
		listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
	listener->SetAcceptCallback(
		MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
		Callback<void, Ptr<Socket>, const Address&>([this, connection](Ptr<Socket> socket, const Address&) {
			begin({connection, false}, socket);
		}));
	listeners_.push_back(listener);
	Simulator::Schedule(Seconds(0), [listener] { listener->Listen(); });
}

void wire::connect(unsigned connection) {
	const Ptr<Socket> socket = make_socket(nodes_.Get(connection % 2));
	socket->SetConnectCallback(Callback<void, Ptr<Socket>>([this, connection](Ptr<Socket> connected) {
								   begin({connection, true}, connected);
							   }),
							   MakeNullCallback<void, Ptr<Socket>>());
	ends_[index({connection, true})].socket = socket;
	const auto port = static_cast<uint16_t>(first_port + connection);
	const Ptr<Node> server = nodes_.Get(1 - connection % 2);
	Simulator::Schedule(MicroSeconds(start_us), [this, socket, server, port] {
		if (setup_.ipv6)
			socket->Connect(
				Inet6SocketAddress(server->GetObject<Ipv6>()->GetAddress(1, 1).GetAddress(), port));
		else
			socket->Connect(InetSocketAddress(server->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(), port));
	});
}

/// The connection is there, for this end.
void wire::begin(end_point who, Ptr<Socket> socket) {
	end& here = ends_[index(who)];
	here.socket = socket;
	socket->SetRecvCallback(Callback<void, Ptr<Socket>>([&here](Ptr<Socket> from) {
		while (const Ptr<Packet> data = from->Recv()) {
			if (data->GetSize() == 0)
				break;
			here.got += data->GetSize();
		}
	}));
	const Callback<void, Ptr<Socket>> close([](Ptr<Socket> from) { from->Close(); });
	socket->SetCloseCallbacks(close, close);
	if (bytes_ > 0)
		socket->Send(Create<Packet>(bytes_));
}

void wire::send(double when, bool client, uint32_t bytes) {
	Simulator::Schedule(Seconds(when), [this, client, bytes] {
		for (unsigned i = 0; i != setup_.connections; ++i)
			socket({i, client})->Send(Create<Packet>(bytes));
	});
}

void wire::close(double when) {
	Simulator::Schedule(Seconds(when), [this] {
		for (unsigned i = 0; i != setup_.connections; ++i)
			socket({i, true})->Close();
	});
}

void wire::run(double seconds) {
	Simulator::Stop(Seconds(seconds));
	Simulator::Run();
}

end_point wire::end_of(const sockops::bpf_sock_ops& skops) {
	const uint32_t local = skops.local_port, remote = sockops::be32_to_cpu(skops.remote_port);
	// Clients have ports from 49152 on.
	return local < 49152 ? end_point{local - first_port, false} : end_point{remote - first_port, true};
}

bool wire::is_lost(const segment& what) {
	bool lost = false;
	for (const auto& [which, numbers] : losses_)
		if (what.is(which)) {
			const std::size_t from = index({what.connection, what.from_client});
			lost |= numbers.contains(passed_[{from, which}]++);
		}
	return lost;
}

namespace {

segments of(const segments& all, end_point by, kind what) {
	segments found;
	std::copy_if(all.begin(), all.end(), std::back_inserter(found), [&](const segment& each) {
		return each.connection == by.connection && each.from_client == by.client && each.is(what);
	});
	return found;
}

} // namespace

segments wire::sent(end_point by, kind what) const { return of(sent_, by, what); }
segments wire::arrived(end_point by, kind what) const { return of(arrived_, by, what); }

segments wire::sent_first(end_point by) const {
	segments found;
	uint32_t next = 1;
	for (const segment& each : sent(by, kind::data))
		if (each.seq >= next) {
			next = each.seq + each.data;
			found.push_back(each);
		}
	return found;
}

segments wire::sent_again(end_point by) const {
	segments found;
	uint32_t next = 1;
	for (const segment& each : sent(by, kind::data)) {
		if (each.seq < next)
			found.push_back(each);
		next = std::max(next, each.seq + each.data);
	}
	return found;
}

std::size_t first_flight(const segments& all) {
	std::size_t n = 0;
	while (n != all.size() && all[n].time_us == all[0].time_us)
		++n;
	return n;
}

std::size_t most_in_one_round(const segments& all) {
	std::size_t most = 0;
	for (std::size_t first = 0, last = 0; last != all.size(); ++last) {
		while (all[last].time_us - all[first].time_us >= wire::rtt_us)
			++first;
		most = std::max(most, last - first + 1);
	}
	return most;
}

} // namespace test
