// SPDX-License-Identifier: MIT
#include "random_world.hpp"

#include <cstdio>
#include <cstring>
#include <map>
#include <memory>

#include <ns3/config.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/ipv4-static-routing-helper.h>
#include <ns3/ipv4-static-routing.h>
#include <ns3/ipv6-address-helper.h>
#include <ns3/ipv6-l3-protocol.h>
#include <ns3/ipv6-static-routing-helper.h>
#include <ns3/ipv6-static-routing.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/string.h>
#include <ns3/tcp-socket-factory.h>

#include "random_road.hpp"

namespace test {

using namespace ns3;

namespace {

/// Not one that anybody breaks, only one in which each byte and its place count.
std::uint64_t mix(std::uint64_t hash, const void* from, std::size_t size) {
	const auto* at = static_cast<const std::uint8_t*>(from);
	for (; size >= 8; at += 8, size -= 8) {
		std::uint64_t word;
		std::memcpy(&word, at, sizeof word);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	for (; size != 0; ++at, --size)
		hash = (hash ^ *at) * 0x100000001b3u;
	return hash;
}

std::string text(std::uint32_t number) { return std::to_string(number); }

/// A link's two ends: its node's (0), and that of the node with the lower number (1).
struct link_ends {
	uint32_t interface[2];
	Ipv4Address v4[2];
	Ipv6Address v6[2];
};

class world {
  public:
	world(const scenario& what, bool hooked) : what_(what) {
		for (const auto& [name, value] : what.defaults)
			Config::SetDefault(name, StringValue(value));
		Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", StringValue("false"));
		nodes.Create(static_cast<uint32_t>(what.nodes.size()));
		install_stacks(hooked);
		for (uint32_t i = 0; i != what.links.size(); ++i)
			install_link(i);
		for (uint32_t i = 0; i != what.nodes.size(); ++i) {
			route(i);
			watch(i);
		}
	}
	~world() {
		listeners_.clear();
		peers_.clear();
		Simulator::Destroy();
		Config::Reset();
	}
	world(const world&) = delete;
	world& operator=(const world&) = delete;

	outcome run(std::uint32_t seconds) {
		for (const connection_plan& plan : what_.connections)
			start(plan);
		Simulator::Stop(Seconds(seconds));
		Simulator::Run();
		for (const auto& peer : peers_)
			seen_.sides.push_back(peer->end());
		return std::move(seen_);
	}

	NodeContainer nodes;

  private:
	static constexpr uint16_t server_port = 80, first_client_port = 2000, first_crossed_port = 3000;

	void install_stacks(bool hooked);
	void install_link(uint32_t i);
	uint32_t next_hop_link(uint32_t node, uint32_t link, bool& up) const;
	void route(uint32_t node);
	void watch(uint32_t node);
	void sent(uint32_t node, Ptr<const Packet> packet, uint32_t interface);

	Ptr<Socket> make_socket(uint32_t node, uint16_t port);
	Address address(uint32_t node, uint16_t port) const;
	void listen(uint32_t node);
	void start(const connection_plan& plan);
	void connect(uint32_t node, uint16_t port, Address to, std::uint32_t at_us, peer& of);
	peer* accepting(const Address& from);

	const scenario& what_;
	std::vector<link_ends> links_;
	std::map<uint32_t, Ptr<Socket>> listeners_;
	std::vector<std::unique_ptr<peer>> peers_;
	outcome seen_;
};

// --- nodes and links ----------------------------------------------------------------------------

void world::install_stacks(bool hooked) {
	InternetStackHelper stack;
	if (hooked)
		SockOpsHelper::Prepare(stack, nodes);
	stack.SetIpv6StackInstall(what_.ipv6);
	stack.Install(nodes);
	stack.AssignStreams(nodes, 1);
	for (uint32_t i = 0; i != nodes.GetN(); ++i) {
		const auto tcp = nodes.Get(i)->GetObject<TcpL4Protocol>();
		tcp->SetAttribute("SocketType", TypeIdValue(TypeId::LookupByName(what_.nodes[i].congestion_control)));
		tcp->SetAttribute("RecoveryType", TypeIdValue(TypeId::LookupByName(what_.nodes[i].recovery)));
	}
}

void world::install_link(uint32_t i) {
	const link_plan& plan = what_.links[i];
	PointToPointHelper helper;
	helper.SetDeviceAttribute("DataRate", StringValue(text(plan.rate_kbps) + "kbps"));
	helper.SetChannelAttribute("Delay", StringValue(text(plan.delay_us) + "us"));
	helper.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue(text(plan.queue_packets) + "p"));
	const NetDeviceContainer devices = helper.Install(nodes.Get(i + 1), nodes.Get(plan.to));
	link_ends ends{};
	if (what_.ipv6) { // ns-3 does not forward to 2001:db8::/32, which is for documents
		Ipv6AddressHelper addresses(Ipv6Address(("fd00:0:0:" + text(i + 1) + "::").c_str()), 64);
		auto made = addresses.Assign(devices);
		for (const uint32_t end : {0u, 1u}) {
			made.SetForwarding(end, true);
			ends.interface[end] = made.GetInterfaceIndex(end);
			ends.v6[end] = made.GetAddress(end, 1);
		}
	} else {
		Ipv4AddressHelper addresses(("10.0." + text(i + 1) + ".0").c_str(), "255.255.255.0");
		const auto made = addresses.Assign(devices);
		for (const uint32_t end : {0u, 1u}) {
			ends.interface[end] = made.Get(end).second;
			ends.v4[end] = made.GetAddress(end);
		}
	}
	links_.push_back(ends);
	for (const uint32_t end : {0u, 1u}) {
		auto& device = dynamic_cast<PointToPointNetDevice&>(*devices.Get(end));
		device.SetReceiveErrorModel(CreateObject<road>(end == 1 ? plan.up : plan.down, device));
	}
}

/// The link by which `node` reaches another; `up`: towards the lower node.
uint32_t world::next_hop_link(uint32_t node, uint32_t link, bool& up) const {
	uint32_t at = link + 1; // its node: below `node`, or not
	up = false;
	while (at > node) {
		const uint32_t by = at - 1;
		at = what_.links[by].to;
		if (at == node)
			return by;
	}
	up = true;
	return node - 1;
}

void world::route(uint32_t node) {
	for (uint32_t link = 0; link != links_.size(); ++link) {
		if (link + 1 == node || what_.links[link].to == node)
			continue;
		bool up = false;
		const link_ends& by = links_[next_hop_link(node, link, up)];
		const uint32_t interface = by.interface[up ? 0 : 1], there = up ? 1 : 0;
		if (what_.ipv6)
			Ipv6StaticRoutingHelper()
				.GetStaticRouting(nodes.Get(node)->GetObject<Ipv6>())
				->AddNetworkRouteTo(links_[link].v6[0].CombinePrefix(Ipv6Prefix(64)), Ipv6Prefix(64),
									by.v6[there], interface);
		else
			Ipv4StaticRoutingHelper()
				.GetStaticRouting(nodes.Get(node)->GetObject<Ipv4>())
				->AddNetworkRouteTo(links_[link].v4[0].CombineMask("255.255.255.0"), "255.255.255.0",
									by.v4[there], interface);
	}
}

template <class L3, class Ip>
void trace_sent(Ptr<Node> node, std::function<void(Ptr<const Packet>, uint32_t)> sent) {
	node->GetObject<L3>()->TraceConnectWithoutContext(
		"Tx",
		Callback<void, Ptr<const Packet>, Ptr<Ip>, uint32_t>(
			[sent](Ptr<const Packet> packet, Ptr<Ip>, uint32_t interface) { sent(packet, interface); }));
}

void world::watch(uint32_t node) {
	const auto here = [this, node](Ptr<const Packet> packet, uint32_t interface) {
		sent(node, packet, interface);
	};
	if (what_.ipv6)
		trace_sent<Ipv6L3Protocol, Ipv6>(nodes.Get(node), here);
	else
		trace_sent<Ipv4L3Protocol, Ipv4>(nodes.Get(node), here);
}

void world::sent(uint32_t node, Ptr<const Packet> packet, uint32_t interface) {
	std::uint8_t bytes[2048];
	const uint32_t size = packet->CopyData(bytes, sizeof bytes);
	sent_packet& seen = seen_.packets.emplace_back();
	seen = {Simulator::Now().GetNanoSeconds(), mix(0, bytes, size), node, interface, packet->GetSize(), {}};
	std::memcpy(seen.head, bytes, std::min<std::size_t>(size, sizeof seen.head));
	seen_.hash = mix(seen_.hash, &seen, offsetof(sent_packet, head));
}

// --- connections --------------------------------------------------------------------------------

Ptr<Socket> world::make_socket(uint32_t node, uint16_t port) {
	const auto socket = Socket::CreateSocket(nodes.Get(node), TcpSocketFactory::GetTypeId());
	for (const auto& [name, value] : what_.nodes[node].socket)
		socket->SetAttribute(name, StringValue(value));
	if (what_.ipv6)
		socket->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port));
	else
		socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
	return socket;
}

Address world::address(uint32_t node, uint16_t port) const {
	const link_ends& ends = links_[node == 0 ? 0 : node - 1]; // the first node has no link of its own
	const uint32_t end = node == 0 ? 1 : 0;
	return what_.ipv6 ? Address(Inet6SocketAddress(ends.v6[end], port))
					  : Address(InetSocketAddress(ends.v4[end], port));
}

peer* world::accepting(const Address& from) {
	const uint32_t port = what_.ipv6 ? Inet6SocketAddress::ConvertFrom(from).GetPort()
									 : InetSocketAddress::ConvertFrom(from).GetPort();
	return peers_[2 * (port - first_client_port) + 1].get();
}

void world::listen(uint32_t node) {
	Ptr<Socket>& listener = listeners_[node];
	if (listener)
		return;
	listener = make_socket(node, server_port);
	listener->SetAcceptCallback(
		MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
		Callback<void, Ptr<Socket>, const Address&>([this](Ptr<Socket> socket, const Address& from) {
			peer* const of = accepting(from);
			if (of->has_socket())
				return; // a late SYN has made a second one
			of->take(socket);
			of->begin();
		}));
	listener->Listen();
}

void world::start(const connection_plan& plan) {
	const auto index = static_cast<uint16_t>(peers_.size() / 2);
	const auto client_port = static_cast<uint16_t>(first_client_port + index);
	const auto crossed_port = static_cast<uint16_t>(first_crossed_port + index);
	for (const uint32_t side : {0u, 1u})
		peers_.push_back(std::make_unique<peer>(plan.sides[side], 2u * index + side));
	const uint16_t port = plan.crossed || plan.nobody_listens ? crossed_port : server_port;
	if (port == server_port)
		listen(plan.to);
	else if (plan.crossed)
		connect(plan.to, crossed_port, address(plan.from, client_port), plan.start_us,
				*peers_[2u * index + 1]);
	connect(plan.from, client_port, address(plan.to, port), plan.start_us, *peers_[2u * index]);
}

void world::connect(uint32_t node, uint16_t port, Address to, std::uint32_t at_us, peer& of) {
	const Ptr<Socket> socket = make_socket(node, port);
	of.take(socket);
	socket->SetConnectCallback(Callback<void, Ptr<Socket>>([&of](Ptr<Socket>) { of.begin(); }),
							   MakeNullCallback<void, Ptr<Socket>>());
	Simulator::Schedule(MicroSeconds(at_us), [socket, to] { socket->Connect(to); });
}

std::string in_words(const sent_packet& packet) {
	char words[80];
	std::snprintf(words, sizeof words, "%.9f s, node %u, interface %u, %u bytes:", double(packet.ns) / 1e9,
				  packet.node, packet.interface, packet.size);
	std::string all = words;
	for (std::size_t i = 0; i != std::min<std::size_t>(packet.size, sizeof packet.head); ++i) {
		std::snprintf(words, sizeof words, "%s%02x", i % 4 == 0 ? " " : "", packet.head[i]);
		all += words;
	}
	return all;
}

} // namespace

outcome run(const scenario& what, const hooking& hook, std::uint32_t seconds) {
	world all(what, bool(hook));
	SockOpsHelper helper;
	if (hook)
		hook(helper, all.nodes);
	return all.run(seconds != 0 ? seconds : what.seconds);
}

std::string first_difference(const outcome& a, const outcome& b) {
	for (std::size_t i = 0; i != std::max(a.packets.size(), b.packets.size()); ++i) {
		if (i < a.packets.size() && i < b.packets.size() && a.packets[i] == b.packets[i])
			continue;
		const auto words = [i](const outcome& of) {
			return i < of.packets.size() ? in_words(of.packets[i]) : std::string("none");
		};
		return "packet " + std::to_string(i) + ": " + words(a) + "\n  against " + words(b);
	}
	return {};
}

} // namespace test
