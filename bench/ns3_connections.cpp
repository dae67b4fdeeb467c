// SPDX-License-Identifier: MIT
// What the hook costs an ns-3 simulation: many short connections in one run, over plain sockets, hooked ones
// that nobody watches, or hooked ones with a program that sets all flags.
//
//   bench_ns3_connections plain|joined|watched [connections, default 10000]
//
// Prints how many bytes were delivered and how many calls the program saw; a row of how much memory a socket
// takes by `bench_ns3_connections memory`.
#include <sockops/ns3/ns3.hpp> // before ns-3

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <malloc.h>

#include <ns3/bulk-send-helper.h>
#include <ns3/config.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/packet-sink-helper.h>
#include <ns3/packet-sink.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/string.h>
#include <ns3/uinteger.h>

using namespace ns3;

namespace {

constexpr uint32_t pairs = 100; ///< of nodes, each pair with its own link
constexpr uint32_t bytes = 20'000;

enum class way { plain, joined, watched };

/// Nodes in pairs, a client and a server each.
struct network {
	NodeContainer clients{pairs}, servers{pairs};
	Ipv4InterfaceContainer addresses;
	SockOpsHelper hook;
	uint64_t calls = 0;

	explicit network(way how) {
		InternetStackHelper stack;
		stack.SetIpv6StackInstall(false);
		for (const NodeContainer& nodes : {clients, servers})
			how == way::plain ? stack.Install(nodes) : SockOpsHelper::Install(stack, nodes);
		PointToPointHelper link;
		link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
		link.SetChannelAttribute("Delay", StringValue("5ms"));
		Ipv4AddressHelper give("10.0.0.0", "255.255.255.252");
		for (uint32_t i = 0; i != pairs; ++i) {
			addresses.Add(give.Assign(link.Install(clients.Get(i), servers.Get(i))));
			give.NewNetwork();
		}
		if (how != way::plain)
			hook.Join(NodeContainer(clients, servers), "/all");
		if (how == way::watched)
			hook.Attach("/all", sockops::make_bpf_prog("watch", [this](sockops::bpf_sock_ops& skops) {
							++calls;
							bpf_sock_ops_cb_flags_set(skops, 0xf);
							return 1;
						}));
	}
};

int run(way how, uint32_t connections) {
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
	network net(how);
	PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
	const ApplicationContainer sinks = sink.Install(net.servers);
	for (uint32_t i = 0; i != connections; ++i) {
		const uint32_t pair = i % pairs;
		BulkSendHelper bulk("ns3::TcpSocketFactory",
							InetSocketAddress(net.addresses.GetAddress(2 * pair + 1), 80));
		bulk.SetAttribute("MaxBytes", UintegerValue(bytes));
		bulk.Install(net.clients.Get(pair)).Start(Seconds(1 + 1e-3 * (i / pairs)));
	}
	Simulator::Stop(Seconds(100));
	Simulator::Run();
	uint64_t received = 0;
	for (uint32_t i = 0; i != pairs; ++i)
		received += sinks.Get(i)->GetObject<PacketSink>()->GetTotalRx();
	Simulator::Destroy();
	std::printf("%llu bytes, %llu calls\n", static_cast<unsigned long long>(received),
				static_cast<unsigned long long>(net.calls));
	return received == uint64_t{connections} * bytes ? 0 : 1;
}

/// Heap bytes a socket that is only created, of 10,000.
double socket_bytes(way how) {
	network net(how);
	constexpr int sockets = 10'000;
	std::vector<Ptr<Socket>> made;
	made.reserve(sockets);
	const Ptr<SocketFactory> factory = net.clients.Get(0)->GetObject<TcpSocketFactory>();
	const std::size_t before = mallinfo2().uordblks;
	for (int i = 0; i != sockets; ++i)
		made.push_back(factory->CreateSocket());
	const double each = static_cast<double>(mallinfo2().uordblks - before) / sockets;
	made.clear();
	Simulator::Destroy();
	return each;
}

} // namespace

int main(int argc, char** argv) {
	const std::string_view name = argc > 1 ? argv[1] : "";
	if (name == "memory") {
		const double plain = socket_bytes(way::plain), joined = socket_bytes(way::joined);
		std::printf("a plain socket %.0f bytes, a hooked one %.0f: %.0f more\n", plain, joined,
					joined - plain);
		return 0;
	}
	for (const auto& [how, called] :
		 {std::pair{way::plain, "plain"}, {way::joined, "joined"}, {way::watched, "watched"}})
		if (name == called)
			return run(how, argc > 2 ? static_cast<uint32_t>(std::strtoul(argv[2], nullptr, 10)) : 10'000);
	std::fprintf(stderr, "bench_ns3_connections '%s': give plain, joined, watched or memory\n",
				 argc > 1 ? argv[1] : "");
	return 2;
}
