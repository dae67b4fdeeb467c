// SPDX-License-Identifier: MIT
// Several connections at once between two nodes, by IPv4 or IPv6, half of them from either node: what each
// end sent, what arrived, and losses by kind of segment.
#pragma once

#include "linked_nodes.hpp"
#include "wire_segment.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <sockops/ns3/ns3.hpp>

#include <ns3/node.h>
#include <ns3/socket.h>

namespace test {

/// What one test is run with.
struct wire_setup {
	bool ipv6;
	unsigned connections;
	bool losses;
};
std::string name_of(const wire_setup& setup);

using segments = std::vector<segment>;

/// One end of one connection; of a listener: what its connection's will be.
struct end_point {
	unsigned connection;
	bool client;
};

/// The simulation: nodes 10 ms and 100 Mbps apart, segments of 1000 bytes. Connection n has the server port
/// first_port + n; its client is on node n % 2, its server on the other one.
class wire {
  public:
	static constexpr uint16_t first_port = 5000;
	static constexpr uint32_t mss = segment::full;
	static constexpr int64_t rtt_us = 20'000;
	static constexpr int64_t start_us = 1'000'000; ///< when all clients connect

	explicit wire(const wire_setup& setup);
	~wire();

	/// handler(end_point, skops) for all sockets.
	template <class Handler>
	void attach(Handler handler) {
		hook.Attach("/all", sockops::make_bpf_prog("test", [handler](sockops::bpf_sock_ops& skops) mutable {
						handler(end_of(skops), skops);
						return 1;
					}));
	}
	/// Of each end's segments of a kind that are on their way, the n-th (from 0) are lost.
	void lose(kind what, std::set<unsigned> which) { losses_[what] = std::move(which); }

	/// What both ends send as soon as they can.
	void transfer(uint32_t bytes) { bytes_ = bytes; }
	/// All clients, or all servers, send at that time; all clients close.
	void send(double when, bool client, uint32_t bytes);
	void close(double when);
	void run(double seconds);

	/// What that end sent of a kind, and what of it arrived.
	segments sent(end_point by, kind what) const;
	segments arrived(end_point by, kind what) const;
	/// Those data segments that carry something new, and the others.
	segments sent_first(end_point by) const;
	segments sent_again(end_point by) const;
	/// Bytes that came to it.
	uint64_t got(end_point who) const { return ends_.at(index(who)).got; }
	ns3::Ptr<ns3::Socket> socket(end_point who) const { return ends_.at(index(who)).socket; }

	ns3::SockOpsHelper hook;

  private:
	struct end {
		ns3::Ptr<ns3::Socket> socket;
		uint64_t got = 0;
	};

	static end_point end_of(const sockops::bpf_sock_ops& skops);
	static std::size_t index(end_point who) { return who.connection * 2 + (who.client ? 0 : 1); }
	void watch(ns3::Ptr<ns3::Node> node);
	void serve(unsigned connection);
	void connect(unsigned connection);
	void begin(end_point who, ns3::Ptr<ns3::Socket> socket);
	bool is_lost(const segment& what);

	const wire_setup setup_;
	linked_nodes world_;
	uint32_t bytes_ = 0;
	std::vector<end> ends_;
	std::vector<ns3::Ptr<ns3::Socket>> listeners_;
	std::map<kind, std::set<unsigned>> losses_;
	std::map<std::pair<std::size_t, kind>, unsigned> passed_;
	segments sent_, arrived_;
};

/// How many of them left together with the first.
std::size_t first_flight(const segments& all);
/// The most that left within less than a round trip.
std::size_t most_in_one_round(const segments& all);

} // namespace test
