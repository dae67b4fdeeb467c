// SPDX-License-Identifier: MIT
// cwnd of a bulk transfer over a bottleneck that loses packets and fails for a while, with the callbacks of
// sock_ops on it, and what a program did in them. An ns-3 script as any other; what hooks it is marked (*).
//
//   ns3_cwnd [--prefix=cwnd] [--seconds=20] [--rate=10Mbps] [--delay=20ms] [--loss=0.0002] [--outage=0.8]
//            [--program=true] [--RngRun=1]
//
//   PREFIX.plt, PREFIX.dat  the plot, for gnuplot; PREFIX.png where gnuplot is installed
//   PREFIX-callbacks.csv    each call, and PREFIX-options.csv each option that the program set
//
//   cwnd/plot.cpp           the plot

#include <sockops/ns3/ns3.hpp> // (*)

#include <cstdio>
#include <cstdlib>

#include <ns3/bulk-send-helper.h>
#include <ns3/command-line.h>
#include <ns3/config.h>
#include <ns3/error-model.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-global-routing-helper.h>
#include <ns3/packet-sink-helper.h>
#include <ns3/packet-sink.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/pointer.h>
#include <ns3/string.h>
#include <ns3/uinteger.h>

#include <sockops/hook/helpers.hpp> // (*)

#include "cwnd/plot.hpp"

using namespace ns3;

namespace {

constexpr uint16_t port = 80;
constexpr uint32_t segment = 1448; ///< bytes
constexpr int all_callbacks = sockops::BPF_SOCK_OPS_RTO_CB_FLAG | sockops::BPF_SOCK_OPS_RETRANS_CB_FLAG |
							  sockops::BPF_SOCK_OPS_STATE_CB_FLAG | sockops::BPF_SOCK_OPS_RTT_CB_FLAG;

struct Settings {
	std::string prefix = "cwnd";
	double seconds = 20;
	std::string rate = "10Mbps";
	std::string delay = "20ms";
	double loss = 0.0002; ///< probability, for each packet over the bottleneck
	double outage = 0.8;  ///< seconds in which the bottleneck loses all, from a third of the time on
	bool program = true;
};

// --- (*) the program ------------------------------------------------------------------------------

/// Sets an option, and says so in the plot.
void Set(sockops::bpf_sock_ops& skops, cwnd::Plot& plot, int option, const void* value, int length,
		 const char* what) {
	if (bpf_setsockopt(skops, sockops::sol::tcp, option, value, length) == 0)
		plot.Label(Simulator::Now(), what);
}

/// Asks a lost SYN again after 200 ms, begins with 30 segments, stays below 100, and goes on with another
/// congestion control once a retransmission timer has fired.
int Tune(sockops::bpf_sock_ops& skops, cwnd::Plot& plot) {
	using namespace sockops;
	const u32 window = 30, clamp = 100;
	switch (skops.op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		bpf_sock_ops_cb_flags_set(skops, all_callbacks);
		break;
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops.reply = 50; // jiffies of 4 ms
		plot.Label(Simulator::Now(), "TIMEOUT_INIT: SYN again in 200 ms");
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		Set(skops, plot, TCP_BPF_IW, &window, sizeof window, "established: TCP_BPF_IW = 30");
		Set(skops, plot, TCP_BPF_SNDCWND_CLAMP, &clamp, sizeof clamp, "TCP_BPF_SNDCWND_CLAMP = 100");
		break;
	case BPF_SOCK_OPS_RTO_CB:
		if (skops.state == TCP_ESTABLISHED)
			Set(skops, plot, tcp_option::congestion, "cubic", 6, "RTO_CB: TCP_CONGESTION = cubic");
		break;
	default:
		break;
	}
	return 1;
}

/// Changes nothing, and asks for all callbacks.
int Watch(sockops::bpf_sock_ops& skops) {
	if (skops.op == sockops::BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, all_callbacks);
	return 1;
}

/// Marks on the curve of cwnd what was called, where it was then.
void Mark(cwnd::Plot* plot, Ptr<const SockOpsTcpSocket> socket, const sockops::trace_call& call) {
	const double cwnd = socket->GetSock().snd_cwnd;
	switch (call.op) {
	case sockops::BPF_SOCK_OPS_RTT_CB:
		return plot->Mark(cwnd::Kind::rtt, Simulator::Now(), cwnd);
	case sockops::BPF_SOCK_OPS_RETRANS_CB:
		return plot->Mark(cwnd::Kind::retrans, Simulator::Now(), cwnd);
	case sockops::BPF_SOCK_OPS_RTO_CB:
		return plot->Mark(cwnd::Kind::rto, Simulator::Now(), cwnd);
	case sockops::BPF_SOCK_OPS_STATE_CB:
	case sockops::BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		return plot->Mark(cwnd::Kind::state, Simulator::Now(), cwnd);
	default:
		return;
	}
}

// --- the script -----------------------------------------------------------------------------------

void CwndChanges(cwnd::Plot* plot, uint32_t, uint32_t bytes) {
	plot->Cwnd(Simulator::Now(), static_cast<double>(bytes) / segment);
}
void SsthreshChanges(cwnd::Plot* plot, uint32_t, uint32_t bytes) {
	plot->Ssthresh(Simulator::Now(), static_cast<double>(bytes) / segment);
}
/// Once the sender has its socket.
void Trace(cwnd::Plot* plot) {
	const std::string socket = "/NodeList/0/$ns3::TcpL4Protocol/SocketList/0/";
	Config::ConnectWithoutContext(socket + "CongestionWindow", MakeBoundCallback(&CwndChanges, plot));
	Config::ConnectWithoutContext(socket + "SlowStartThreshold", MakeBoundCallback(&SsthreshChanges, plot));
}

/// sender -- router -- receiver; the second link is the bottleneck, and loses packets towards the receiver.
Ptr<NetDevice> Connect(const NodeContainer& nodes, const Settings& with) {
	PointToPointHelper fast;
	fast.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
	fast.SetChannelAttribute("Delay", StringValue("1ms"));
	PointToPointHelper bottleneck;
	bottleneck.SetDeviceAttribute("DataRate", StringValue(with.rate));
	bottleneck.SetChannelAttribute("Delay", StringValue(with.delay));
	bottleneck.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("40p"));
	const NetDeviceContainer first = fast.Install(nodes.Get(0), nodes.Get(1));
	const NetDeviceContainer second = bottleneck.Install(nodes.Get(1), nodes.Get(2));
	Ipv4AddressHelper("10.0.1.0", "255.255.255.0").Assign(first);
	Ipv4AddressHelper("10.0.2.0", "255.255.255.0").Assign(second);
	Ipv4GlobalRoutingHelper::PopulateRoutingTables();
	return second.Get(1);
}

void SetLoss(Ptr<NetDevice> device, double rate) {
	auto losses = CreateObject<RateErrorModel>();
	losses->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
	losses->SetRate(rate);
	device->SetAttribute("ReceiveErrorModel", PointerValue(losses));
}

Settings Parse(int argc, char** argv) {
	Settings with;
	CommandLine cmd(__FILE__);
	cmd.AddValue("prefix", "How the files begin", with.prefix);
	cmd.AddValue("seconds", "Time of the simulation", with.seconds);
	cmd.AddValue("rate", "Rate of the bottleneck", with.rate);
	cmd.AddValue("delay", "Delay of the bottleneck", with.delay);
	cmd.AddValue("loss", "Probability that it loses a packet", with.loss);
	cmd.AddValue("outage", "Seconds in which it loses all", with.outage);
	cmd.AddValue("program", "With the program; else with one that only watches", with.program);
	cmd.Parse(argc, argv);
	return with;
}

} // namespace

int main(int argc, char** argv) {
	const Settings with = Parse(argc, argv);
	Config::SetDefault("ns3::TcpL4Protocol::SocketType", StringValue("ns3::TcpLinuxReno"));
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(segment));
	Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(4'194'304));
	Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(6'291'456));

	NodeContainer nodes(3);
	InternetStackHelper stack;
	SockOpsHelper hook;         // (*)
	hook.Install(stack, nodes); // (*)
	const Ptr<NetDevice> receiving = Connect(nodes, with);

	cwnd::Plot plot;
	hook.EnableCsv(with.prefix); // (*) to the end of the paragraph
	hook.Attach(nodes.Get(0), "/sender",
				with.program ? sockops::make_bpf_prog(
								   "tune", [&](sockops::bpf_sock_ops& skops) { return Tune(skops, plot); })
							 : sockops::make_bpf_prog("watch", Watch));
	Config::ConnectWithoutContext("/NodeList/0/$ns3::SockOpsTcpL4Protocol/Callback",
								  MakeBoundCallback(&Mark, &plot));

	PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), port));
	const ApplicationContainer receiver = sink.Install(nodes.Get(2));
	BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress("10.0.2.2", port));
	source.Install(nodes.Get(0)).Start(Seconds(1));
	Simulator::Schedule(Seconds(1) + NanoSeconds(1), Trace, &plot);

	const Time down = Seconds(with.seconds / 3), up = down + Seconds(with.outage);
	plot.Outage(down, up);
	SetLoss(receiving, 1); // the first SYN is lost
	Simulator::Schedule(Seconds(1.1), SetLoss, receiving, with.loss);
	Simulator::Schedule(down, SetLoss, receiving, 1.0);
	Simulator::Schedule(up, SetLoss, receiving, with.loss);
	Simulator::Stop(Seconds(with.seconds));
	Simulator::Run();
	const auto bytes = DynamicCast<PacketSink>(receiver.Get(0))->GetTotalRx();
	Simulator::Destroy();

	std::printf("%.1f MB in %.0f s\n", static_cast<double>(bytes) / 1e6, with.seconds);
	const std::string title = "cwnd of a TCP sender with the callbacks of sock_ops (ns-3, " + with.rate +
							  ", " + with.delay + " one way)";
	return plot.Write(with.prefix, title, Seconds(with.seconds)) ? 0 : 1;
}
