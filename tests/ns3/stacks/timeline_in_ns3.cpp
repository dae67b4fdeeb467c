// SPDX-License-Identifier: MIT
#include "timeline_in_ns3.hpp"

#include <stdexcept>

#include <ns3/config.h>
#include <ns3/simulator.h>
#include <ns3/string.h>

namespace test {

using namespace ns3;
using sockops::testing::packet_kind;
using sockops::testing::side;
using sockops::testing::timeline_action;
using sockops::testing::timeline_event;

namespace {

/// What Linux has without being told.
const std::map<std::string, std::string> times_of_linux = {{"ns3::TcpSocket::SegmentSize", "1448"},
														   {"ns3::TcpSocket::ConnTimeout", "1s"},
														   {"ns3::TcpSocketBase::MinRto", "200ms"},
														   {"ns3::TcpSocket::DelAckTimeout", "40ms"},
														   {"ns3::TcpSocketBase::UseEcn", "AcceptOnly"}};

bool is(const segment& what, packet_kind which) {
	switch (which) {
	case packet_kind::syn:
		return what.is(kind::syn);
	case packet_kind::synack:
		return what.is(kind::synack);
	case packet_kind::ack:
		return what.is(kind::ack);
	case packet_kind::data:
		return what.is(kind::data);
	case packet_kind::fin:
		return what.is(kind::fin);
	case packet_kind::rst:
		return (what.flags & TcpHeader::RST) != 0;
	case packet_kind::any:
		return true;
	}
	return false;
}

} // namespace

timeline_in_ns3::timeline_in_ns3(sockops::testing::timeline what,
								 const std::map<std::string, std::string>& attributes, stack_log& log)
	: what_(std::move(what)), log_(log) {
	for (const auto* all : {&times_of_linux, &attributes})
		for (const auto& [name, value] : *all)
			Config::SetDefault(name, StringValue(value));
	world_.emplace("100Gbps", NanoSeconds(what_.settings.delay_ns), what_.settings.ipv6);
	for (uint32_t node : {0u, 1u})
		lose_at(world_->devices.Get(node), server_port, world_->ipv6,
				[this](const segment& segment) { return is_lost(segment); });
	watching_.emplace(hook_.GetNet(), static_cast<sockops::net_observer&>(*this));
}

timeline_in_ns3::~timeline_in_ns3() {
	client_ = listener_ = accepted_ = nullptr;
	Simulator::Destroy();
	Config::Reset();
}

void timeline_in_ns3::run() {
	client_ = world_->make_socket(0, client_port);
	for (const timeline_event& event : what_.events)
		Simulator::Schedule(NanoSeconds(event.at_ns), [this, &event] { perform(event); });
	Simulator::Stop(NanoSeconds(what_.events.back().at_ns));
	Simulator::Run();
}

/// The first time; the second changes nothing but the backlog.
void timeline_in_ns3::listen() {
	if (!listener_) {
		listener_ = world_->make_socket(1, server_port);
		listener_->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
									 Callback<void, Ptr<Socket>, const Address&>(
										 [this](Ptr<Socket> socket, const Address&) { accepted_ = socket; }));
	}
	listener_->Listen();
}

void timeline_in_ns3::connect(side who) {
	if (who == side::client) {
		client_->Connect(world_->address(1, server_port));
		return;
	}
	accepted_ = world_->make_socket(1, server_port);
	accepted_->Connect(world_->address(0, client_port));
}

Ptr<Socket> timeline_in_ns3::connection(side who) const {
	const Ptr<Socket> found = who == side::client ? client_ : accepted_;
	if (!found)
		throw std::logic_error("the server has no connection");
	return found;
}

/// The connection, and the listener where there is none any more.
void timeline_in_ns3::close(side who) {
	if (who == side::client) {
		client_->Close();
	} else if (accepted_) {
		accepted_->Close();
		accepted_ = nullptr;
	} else {
		listener_->Close();
	}
}

void timeline_in_ns3::perform(const timeline_event& event) {
	switch (event.what) {
	case timeline_action::listen:
		return listen();
	case timeline_action::connect:
		return connect(event.who);
	case timeline_action::accept: // ns-3 has done so
	case timeline_action::wait:
		return;
	case timeline_action::send:
		for (uint32_t i = 0; i != event.count; ++i)
			connection(event.who)->Send(Create<Packet>(event.bytes));
		return;
	case timeline_action::read:
		while (const Ptr<Packet> data = connection(event.who)->Recv())
			if (data->GetSize() == 0)
				break;
		return;
	case timeline_action::close:
		return close(event.who);
	case timeline_action::shutdown:
		connection(event.who)->ShutdownSend();
		return;
	case timeline_action::drop:
		losses_[{event.who == side::client, event.kind}] = {event.pass, event.count};
		return;
	default:
		throw std::logic_error("no way to do this in ns-3: " + event.text);
	}
}

bool timeline_in_ns3::is_lost(const segment& what) {
	for (auto& [which, rule] : losses_) {
		if (which.first != what.from_client || !is(what, which.second))
			continue;
		if (rule.pass > 0) {
			--rule.pass;
		} else if (rule.count > 0) {
			rule.count -= rule.count != timeline_event::all;
			return true;
		}
	}
	return false;
}

side timeline_in_ns3::side_of(const sockops::sock_common& sk) {
	return sk.skc_num == server_port ? side::server : side::client;
}

} // namespace test
