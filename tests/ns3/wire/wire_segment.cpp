// SPDX-License-Identifier: MIT
#include "wire_segment.hpp"

#include <algorithm>
#include <utility>

#include <ns3/error-model.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv6-header.h>
#include <ns3/pointer.h>
#include <ns3/ppp-header.h>
#include <ns3/simulator.h>
#include <ns3/tcp-header.h>

namespace test {

using namespace ns3;

namespace {

/// Takes the IP header off. False: what follows is no TCP.
template <class Header>
bool take_ip(Packet& packet, segment& found) {
	constexpr uint8_t tcp = 6;
	Header ip;
	packet.RemoveHeader(ip);
	found.ect = ip.GetEcn() == Header::ECN_ECT0;
	if constexpr (std::is_same_v<Header, Ipv6Header>)
		return ip.GetNextHeader() == tcp;
	else
		return ip.GetProtocol() == tcp;
}

/// Asks about each packet that comes to a device.
class asking : public ErrorModel {
  public:
	asking(uint16_t first_port, bool ipv6, std::function<bool(const segment&)> is_lost)
		: first_port_(first_port), ipv6_(ipv6), is_lost_(std::move(is_lost)) {}

  private:
	bool DoCorrupt(Ptr<Packet> packet) override {
		const Ptr<Packet> copy = packet->Copy();
		PppHeader ppp;
		copy->RemoveHeader(ppp);
		const auto found = parse_segment(copy, first_port_, ipv6_);
		return found && is_lost_(*found);
	}
	void DoReset() override {}

	const uint16_t first_port_;
	const bool ipv6_;
	const std::function<bool(const segment&)> is_lost_;
};

} // namespace

bool segment::is(kind what) const {
	switch (what) {
	case kind::syn:
		return (flags & (TcpHeader::SYN | TcpHeader::ACK)) == TcpHeader::SYN;
	case kind::synack:
		return (flags & (TcpHeader::SYN | TcpHeader::ACK)) == (TcpHeader::SYN | TcpHeader::ACK);
	case kind::data:
		return data > 0;
	case kind::lone:
		return data > 0 && data < full;
	case kind::ack:
		return data == 0 && (flags & (TcpHeader::SYN | TcpHeader::FIN | TcpHeader::RST)) == 0;
	case kind::fin:
		return (flags & TcpHeader::FIN) != 0;
	case kind::any:
		return true;
	}
	return false;
}

std::optional<segment> parse_segment(Ptr<const Packet> packet, uint16_t first_port, bool ipv6) {
	const Ptr<Packet> copy = packet->Copy();
	segment found{};
	if (!(ipv6 ? take_ip<Ipv6Header>(*copy, found) : take_ip<Ipv4Header>(*copy, found)))
		return {};
	TcpHeader tcp;
	copy->RemoveHeader(tcp);
	const uint16_t server = std::min(tcp.GetSourcePort(), tcp.GetDestinationPort());
	found.time_us = Simulator::Now().GetMicroSeconds();
	found.connection = static_cast<unsigned>(server - first_port);
	found.from_client = tcp.GetDestinationPort() == server;
	found.flags = tcp.GetFlags();
	found.window = tcp.GetWindowSize();
	found.seq = tcp.GetSequenceNumber().GetValue();
	found.ack = tcp.GetAckNumber().GetValue();
	found.data = copy->GetSize();
	return found;
}

void lose_at(Ptr<NetDevice> device, uint16_t first_port, bool ipv6,
			 std::function<bool(const segment&)> is_lost) {
	device->SetAttribute("ReceiveErrorModel",
						 PointerValue(CreateObject<asking>(first_port, ipv6, std::move(is_lost))));
}

} // namespace test
