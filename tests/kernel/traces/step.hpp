// SPDX-License-Identifier: MIT
// What happens to two TCP sockets, step by step: the content of a timeline file, without its text.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace traces {

using namespace std::chrono_literals;

enum class side : std::uint8_t { client, server };
enum class ip_family : std::uint8_t { ipv4, ipv6 };

enum class action : std::uint8_t {
	listen,     ///< socket, bind and listen; listen() alone if there is a listener
	connect,    ///< non-blocking; with the other side's port, which nobody needs to listen on
	accept,     ///< one connection
	send,       ///< `count` times `bytes`
	read,       ///< all that is there
	close,      ///< of the connection; of the listener where there is no connection (any more)
	shutdown,   ///< SHUT_WR
	abort,      ///< close() that sends RST
	disconnect, ///< connect() to AF_UNSPEC; the socket may connect again
	drop,       ///< the link loses packets that this side sends
	wait,
	peer_sends, ///< one segment of the scripted peer
};

/// Of packets on the link. `ack` has no payload, `data` has no FIN.
enum class packet : std::uint8_t { syn, synack, ack, data, fin, rst, any };

/// A segment of the scripted peer.
struct peer_segment {
	std::uint8_t flags = 0; ///< as in the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, ECE 64, CWR 128
	std::uint32_t seq = 0, end_seq = 0; ///< since the peer's first; a SYN is 0:0
	std::optional<std::uint32_t> ack;   ///< since the stack's first
	std::uint16_t window = 0;           ///< as in the header
	std::vector<std::uint8_t> options;  ///< as in the header, padded. The echo of a timestamp is filled in
	bool ect = false;                   ///< ECT(0) in the IP header
};

struct step {
	static constexpr std::uint32_t all = ~0u;

	std::chrono::nanoseconds after{}; ///< since the step before
	action what = action::wait;
	side who = side::client;
	std::uint32_t bytes = 0; ///< send
	std::uint32_t count = 1; ///< send: so many calls; drop: so many packets, or `all`, or 0: no more
	std::uint32_t pass = 0;  ///< drop: packets let through before
	packet kind = packet::any;
	peer_segment peer{};
};

/// A reply of one op. Both sides, unless the setting that holds it says otherwise.
struct op_reply {
	std::uint32_t op = 0;
	std::int32_t value = 0;
};

/// What the sock_ops program of one side does.
struct program {
	std::uint32_t flags = 0; ///< set in TCP_CONNECT_CB and TCP_LISTEN_CB
	std::vector<op_reply> replies;
	std::uint32_t reserve = 0; ///< bytes of header option, in each header; option 253, magic 0xeb9f
	/// bpf_setsockopt() at an op
	struct option {
		std::uint32_t op = 0;
		int level = 0, name = 0, value = 0;
	};
	std::vector<option> options; ///< four at most
	bool stamps_sends = false;   ///< bpf_sock_ops_enable_tx_tstamp() in TSTAMP_SENDMSG_CB
};

/// setsockopt() of the application, before connect() or listen(). SO_LINGER and the like have one int
/// here too; TCP_CONGESTION has `text`.
struct socket_option {
	side who = side::client;
	int level = 0, name = 0, value = 0;
	std::string text;
};

struct sysctl {
	std::string name, value; ///< below net/ipv4
};

struct timeline {
	std::string name; ///< of its file, without .timeline
	ip_family family = ip_family::ipv4;
	std::uint32_t mtu = 1500;
	std::vector<sysctl> sysctls;
	program client, server;
	std::vector<socket_option> options;
	std::vector<step> steps;
	std::optional<side> scripted; ///< has no socket: the peer's segments come from a script
};

} // namespace traces
