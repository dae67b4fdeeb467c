// SPDX-License-Identifier: MIT
// An ordinary ns-3 script: two nodes, one link, BulkSend to PacketSink. What hooks it is marked (*).

#include <sockops/ns3/ns3.hpp> // (*)

#include "simulation.hpp"

#include <utility>

#include <ns3/boolean.h>
#include <ns3/bulk-send-helper.h>
#include <ns3/config.h>
#include <ns3/error-model.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/packet-sink-helper.h>
#include <ns3/packet-sink.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/pointer.h>
#include <ns3/rng-seed-manager.h>
#include <ns3/string.h>
#include <ns3/tcp-header.h>
#include <ns3/uinteger.h>

#include "programs.hpp"

namespace lossy {

namespace {

using namespace ns3;

constexpr uint64_t start_ns = 1'000'000'000; ///< Connect()
constexpr double end_s = 600;

/// Loses the first packet, which is the first SYN, and of the others what the rate model picks.
class first_and_random : public ErrorModel {
  public:
	static TypeId GetTypeId() {
		static TypeId tid = TypeId("lossy::first_and_random").SetParent<ErrorModel>();
		return tid;
	}
	explicit first_and_random(double loss) {
		m_rate->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
		m_rate->SetRate(loss);
		m_rate->AssignStreams(1); // the same in every run of a process
	}

  private:
	bool DoCorrupt(Ptr<Packet> packet) override {
		return std::exchange(m_first, false) || m_rate->IsCorrupt(packet);
	}
	void DoReset() override { m_first = true; }

	Ptr<RateErrorModel> m_rate = CreateObject<RateErrorModel>();
	bool m_first = true;
};

/// Looks at what the two nodes hand to IP.
class packet_watch {
  public:
	explicit packet_watch(effects& to) : m_seen(to) {}

	void ClientSends(Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
		const auto [ip, tcp, data] = Parse(packet);
		if (tcp.GetFlags() & TcpHeader::SYN)
			return Syn(tcp);
		if (data == 0)
			return;
		m_seen.ect_packets += ip.GetEcn() == Ipv4Header::ECN_ECT0;
		m_seen.first_flight += !m_acked;
		m_seen.retransmitted += tcp.GetSequenceNumber() < m_next;
		m_next = std::max(m_next, tcp.GetSequenceNumber() + SequenceNumber32(data));
	}
	void ServerSends(Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
		const TcpHeader tcp = Parse(packet).tcp;
		if (tcp.GetFlags() & TcpHeader::SYN && m_seen.synack_window == 0) {
			m_seen.synack_window = tcp.GetWindowSize();
			m_seen.ecn = (tcp.GetFlags() & TcpHeader::ECE) != 0;
		}
	}
	void ClientReceives(Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
		m_acked |= Parse(packet).tcp.GetAckNumber() > SequenceNumber32(1);
	}
	void ServerTakes(Ptr<const Packet> packet, const Address&) {
		m_taken += packet->GetSize();
		if (m_taken == settings::bytes)
			m_seen.completion_ns = Now() - start_ns;
	}

  private:
	struct headers {
		Ipv4Header ip;
		TcpHeader tcp;
		uint32_t data;
	};
	static headers Parse(Ptr<const Packet> packet) {
		headers found;
		const Ptr<Packet> copy = packet->Copy();
		copy->RemoveHeader(found.ip);
		copy->RemoveHeader(found.tcp);
		found.data = copy->GetSize();
		return found;
	}
	static uint64_t Now() { return static_cast<uint64_t>(Simulator::Now().GetNanoSeconds()); }

	void Syn(const TcpHeader& tcp) {
		if (m_syns++ == 0) {
			m_first_syn = Now();
			m_seen.syn_window = tcp.GetWindowSize();
		} else if (!m_seen.syn_retry_gap_ns) {
			m_seen.syn_retry_gap_ns = Now() - m_first_syn;
		}
	}

	effects& m_seen;
	uint32_t m_syns = 0;
	uint64_t m_first_syn = 0;
	uint32_t m_taken = 0;
	bool m_acked = false;
	SequenceNumber32 m_next{0};
};

/// (*) Keeps the calls in which a program ran.
class recorder final : public sockops::net_observer {
  public:
	explicit recorder(std::vector<callback>& to) : m_to(to) {}

	void called(const sockops::trace_call& call) override {
		if (call.steps.empty())
			return;
		callback seen{call.time_ns, side_of(call.sk->skc_num), call.op, call.state, {}, call.result, {}, {}};
		std::copy(std::begin(call.args), std::end(call.args), seen.args);
		for (const sockops::trace_step& step : call.steps)
			seen.ran.emplace_back(step.prog->name);
		if (const sockops::bpf_prog* prog = call.answered_by())
			seen.answered_by = prog->name;
		m_to.push_back(std::move(seen));
	}

  private:
	std::vector<callback>& m_to;
};

void configure(const settings& with) {
	RngSeedManager::SetSeed(with.seed);
	RngSeedManager::SetRun(1);
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(settings::mss));
	// Linux's buffers, so that the link is what limits.
	Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(4'194'304));
	Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(6'291'456));
}

NetDeviceContainer connect(const NodeContainer& nodes, double loss) {
	PointToPointHelper link;
	link.SetDeviceAttribute("DataRate", StringValue(settings::rate));
	link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(settings::delay_ms)));
	const NetDeviceContainer devices = link.Install(nodes);
	devices.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(CreateObject<first_and_random>(loss)));
	return devices;
}

void start_applications(const NodeContainer& nodes, Ipv4Address server, packet_watch& watch) {
	PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), settings::port));
	const ApplicationContainer servers = sink.Install(nodes.Get(1));
	servers.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&packet_watch::ServerTakes, &watch));
	BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(server, settings::port));
	source.SetAttribute("MaxBytes", UintegerValue(settings::bytes));
	source.Install(nodes.Get(0)).Start(NanoSeconds(start_ns));

	const auto client_ip = nodes.Get(0)->GetObject<Ipv4L3Protocol>();
	const auto server_ip = nodes.Get(1)->GetObject<Ipv4L3Protocol>();
	client_ip->TraceConnectWithoutContext("Tx", MakeCallback(&packet_watch::ClientSends, &watch));
	client_ip->TraceConnectWithoutContext("Rx", MakeCallback(&packet_watch::ClientReceives, &watch));
	server_ip->TraceConnectWithoutContext("Tx", MakeCallback(&packet_watch::ServerSends, &watch));
}

} // namespace

run_result simulate(const settings& with, bool handlers) {
	run_result result;
	packet_watch watch(result.seen);
	recorder record(result.callbacks);

	configure(with);
	NodeContainer nodes;
	nodes.Create(2);
	const NetDeviceContainer devices = connect(nodes, with.loss);
	InternetStackHelper stack;
	stack.SetIpv6StackInstall(false);
	SockOpsHelper::Install(stack, nodes); // (*) in place of stack.Install(nodes)
	Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
	const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);

	SockOpsHelper hook; // (*) to the end of the paragraph
	hook.Join(nodes, web);
	const sockops::net_watch watching(hook.GetNet(), record);
	std::optional<programs> object; // outlives the run, whose options it is asked for
	if (handlers) {
		object.emplace();
		hook.Attach(fleet, object->fleet_policy());
		hook.Attach(web, object->web_tuning());
	}

	start_applications(nodes, interfaces.GetAddress(1), watch);
	Simulator::Stop(Seconds(end_s));
	Simulator::Run();
	Simulator::Destroy();
	if (object)
		result.sockopts = object->take_sockopts();
	return result;
}

} // namespace lossy
