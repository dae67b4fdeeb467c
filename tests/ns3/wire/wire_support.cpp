// SPDX-License-Identifier: MIT
#include "wire_support.hpp"

#include <algorithm>

#include <ns3/config.h>
#include <ns3/ipv4-l3-protocol.h>
#include <ns3/ipv6-l3-protocol.h>
#include <ns3/simulator.h>
#include <ns3/uinteger.h>

namespace test {

using namespace ns3;

std::string name_of(const wire_setup& setup) {
	return std::string(setup.ipv6 ? "ipv6" : "ipv4") + "_" + std::to_string(setup.connections) +
		   (setup.losses ? "_losses" : "_no_loss");
}

wire::wire(const wire_setup& setup)
	: setup_(setup), world_("100Mbps", MicroSeconds(rtt_us / 2), setup.ipv6), ends_(2 * setup.connections) {
	Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(mss));
	hook.Join(world_.nodes, "/all");
	for (uint32_t i : {0u, 1u}) {
		lose_at(world_.devices.Get(i), first_port, setup.ipv6,
				[this](const segment& what) { return is_lost(what); });
		watch(world_.nodes.Get(i));
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
		if (const auto found = parse_segment(packet, first_port, setup_.ipv6))
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

void wire::serve(unsigned connection) {
	const auto port = static_cast<uint16_t>(first_port + connection);
	const Ptr<Socket> listener = world_.make_socket(1 - connection % 2, port);
	listener->SetAcceptCallback(
		MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
		Callback<void, Ptr<Socket>, const Address&>([this, connection](Ptr<Socket> socket, const Address&) {
			begin({connection, false}, socket);
		}));
	listeners_.push_back(listener);
	Simulator::Schedule(Seconds(0), [listener] { listener->Listen(); });
}

void wire::connect(unsigned connection) {
	const Ptr<Socket> socket = world_.make_socket(connection % 2, 0);
	socket->SetConnectCallback(Callback<void, Ptr<Socket>>([this, connection](Ptr<Socket> connected) {
								   begin({connection, true}, connected);
							   }),
							   MakeNullCallback<void, Ptr<Socket>>());
	ends_[index({connection, true})].socket = socket;
	Simulator::Schedule(MicroSeconds(start_us), [this, socket, connection] {
		const auto port = static_cast<uint16_t>(first_port + connection);
		socket->Connect(world_.address(1 - connection % 2, port));
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
