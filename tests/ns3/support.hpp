// SPDX-License-Identifier: MIT
// Two nodes, a link, and what can be seen of them: calls of the hook as one line of text for each
// side, packets as the nodes hand them to IP.
#pragma once

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include <sockops/ns3/ns3.hpp>

#include <ns3/inet-socket-address.h>
#include <ns3/net-device-container.h>
#include <ns3/socket.h>

namespace test {

inline constexpr uint16_t port = 80;
inline constexpr uint32_t mss = 1000; ///< bytes

/// A packet with its TCP header, as it leaves a node.
struct packet {
	int64_t time_us;
	bool from_client;
	uint8_t flags;
	uint16_t window;
	uint32_t seq;
	uint32_t data; ///< bytes
	bool ect;      ///< ECN-capable transport

	bool is(uint8_t wanted) const { return (flags & ~(ns3::TcpHeader::ECE | ns3::TcpHeader::CWR)) == wanted; }
};

/// A simulation with a client at 10.0.0.1 and a server at 10.0.0.2, 10 ms apart, 100 Mbps. Attributes
/// must be set before; at the end the simulator is destroyed and attributes are what they were.
class two_nodes final : sockops::net_observer {
  public:
	/// With plain_tcp the nodes have ns-3's own TCP, and nothing can be attached.
	explicit two_nodes(bool plain_tcp = false);
	~two_nodes();

	/// Loses the n-th packets (from 0) that arrive there.
	void lose_to_server(std::list<uint32_t> which) { lose(1, std::move(which)); }
	void lose_to_client(std::list<uint32_t> which) { lose(0, std::move(which)); }

	/// A handler for both nodes, in "/all"; or for what is in `path`, where nodes must have joined.
	template <class Handler>
	void attach(Handler handler) {
		if (hook.GetCgroup("/all").refcnt == joined_nothing)
			hook.Join(nodes, "/all");
		attach("/all", handler);
	}
	template <class Handler>
	void attach(const std::string& path, Handler handler) {
		hook.Attach(path, sockops::make_bpf_prog("test", handler));
	}

	/// The server listens from 0 s on; accepted() is called for each new connection.
	void serve(std::function<void(ns3::Ptr<ns3::Socket>)> accepted = {});
	/// The client connects at 1 s; connected() is called when it is.
	void connect(std::function<void(ns3::Ptr<ns3::Socket>)> connected = {}, uint16_t to = port);
	/// At a time, in seconds.
	void at(double when, std::function<void()> what);
	/// Until nothing happens any more, or for so many seconds.
	void run(double seconds = 1000);

	/// "TCP_CONNECT RWND_INIT …": ops without _CB, '*' for a request, STATE(old>new), RTO(a,b,c).
	const std::string& client_calls() const { return calls_[0]; }
	const std::string& server_calls() const { return calls_[1]; }

	ns3::NodeContainer nodes; ///< 0: client, 1: server
	ns3::SockOpsHelper hook;
	ns3::Ptr<ns3::Socket> client, listener, accepted_socket;
	std::vector<packet> packets;
	int64_t end_us = 0; ///< time of the last packet

	/// The packets for which `is` holds.
	template <class Is>
	std::vector<packet> those(Is is) const {
		std::vector<packet> found;
		for (const packet& p : packets)
			if (is(p))
				found.push_back(p);
		return found;
	}

  private:
	static constexpr uint32_t joined_nothing = 2; ///< references of a cgroup without sockets

	void called(const sockops::trace_call& call) override;
	void lose(uint32_t node, std::list<uint32_t> which);
	void sent(bool from_client, ns3::Ptr<const ns3::Packet> packet);

	ns3::NetDeviceContainer devices_;
	std::string calls_[2];
	std::optional<sockops::net_watch> watching_;
};

/// A connection, which is opened at 1 s; runs until 5 s.
void open(two_nodes& sim);
/// A transfer in which a SYN and a segment are lost, and both sides close; run() runs it.
void transfer_with_losses(two_nodes& sim);
/// What the helper says of programs that went wrong.
std::string summary(two_nodes& sim);

/// Sends so many bytes in one piece.
void send(ns3::Ptr<ns3::Socket> socket, uint32_t bytes);
/// Takes what comes in, and closes when the peer has.
void read_and_close(ns3::Ptr<ns3::Socket> socket);

} // namespace test
