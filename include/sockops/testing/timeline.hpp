// SPDX-License-Identifier: MIT
// A timeline: what happens to two TCP sockets, and what must be seen of sock_ops. It never names an op to
// cause it. The same text is played by the library's small TCP (testing/play.hpp) and by a kernel.
//
//   The SYN is lost once.                                  unindented: prose
//
//       program flags 0xf                                  indented: settings,
//       +0     server listen                               events, at a time since the event before,
//       +0     link drop client syn 1
//       +0     client connect
//           client: TCP_CONNECT RWND_INIT TIMEOUT_INIT     and what is seen of a side from an event
//           client: NEEDS_ECN RTO(0,_,0) RETRANS(1,0)      until the next one
//       +1500ms wait
//
// One that names objects ("object tune.bpf.o") is a text test: what their programs did is expected in it, too
// (testing/text_test.hpp plays it). The whole format: tests/timelines/FORMAT.md.
//
// Context: the test's thread, outside of programs; not from a signal handler.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sockops/kern/containers.hpp>
#include <sockops/testing/socket_fields.hpp>
#include <sockops/testing/timeline_address.hpp>
#include <sockops/testing/timeline_objects.hpp>

namespace sockops::testing {

/// The version of the format that is read here: `version 1`. A file of a higher one is refused.
inline constexpr u32 timeline_version = 1;

/// The client connects, the server listens and accepts; a listener and its child are one side.
enum class side : u8 { client, server };

/// "client", "server".
constexpr const char* side_name(side which) noexcept { return which == side::client ? "client" : "server"; }
/// The one across.
constexpr side other(side which) noexcept { return which == side::client ? side::server : side::client; }

/// Why a text is no timeline. what(): "line 7: 'client sned 100': … ".
struct timeline_error : std::runtime_error {
	timeline_error(unsigned at_line, std::string of_text, std::string why);

	unsigned line;      ///< from 1; 0: the file as a whole
	std::string text;   ///< the line, without indentation and comment
	std::string reason; ///< what is wrong with it, and the remedy
};

/// setsockopt() of a program at an op, or of an application.
struct timeline_sockopt {
	int level = 0, name = 0, value = 0;
	std::string text; ///< the value of an option that takes one
};

/// What the program does that `program …` lines describe: the built-in one of a side.
struct timeline_program {
	struct reply {
		u8 op;
		u32 value;
	};
	struct option {
		u8 op;
		timeline_sockopt what;
	};

	u32 flags = 0; ///< set in TCP_CONNECT_CB and TCP_LISTEN_CB
	std::vector<reply> replies;
	u32 reserve = 0; ///< bytes of header options
	std::vector<option> options;
	bool stamp_sends = false; ///< samples each send() that it is told of

	/// Does it do nothing?
	bool empty() const noexcept {
		return !flags && replies.empty() && !reserve && options.empty() && !stamp_sends;
	}
};

struct timeline_sysctl {
	std::string name;
	u32 value;
};

/// What holds for the whole timeline.
struct timeline_settings {
	bool ipv6 = false;                                          ///< what is on the wire
	std::array<std::optional<timeline_address>, 2> addresses{}; ///< by side; timeline::addresses() has all
	u32 mtu = 1500;
	u64 delay_ns = 0;                             ///< one way
	std::vector<std::string> congestion_controls; ///< to be had besides reno, cubic and nv
	std::vector<timeline_sysctl> sysctls;
	std::array<timeline_program, 2> programs;                ///< by side
	std::array<std::vector<timeline_sockopt>, 2> sockopts{}; ///< by side
	timeline_objects objects{};
};

enum class timeline_action : u8 {
	listen,
	connect,
	accept,
	send,
	read,
	close,
	shutdown,
	abort,
	disconnect,
	drop,       ///< the link loses packets
	wait,       ///< time passes
	peer_sends, ///< the scripted peer
	fire,       ///< an op on demand, on a socket that has nothing to do with the sides
};

/// Of packets: `ack` has neither data nor SYN, FIN, RST.
enum class packet_kind : u8 { syn, synack, ack, data, fin, rst, any };

/// A segment that the scripted peer sends, in relative numbers.
struct peer_segment {
	u8 flags = 0;             ///< tcp_header_flag
	u32 seq = 0, end_seq = 0; ///< since the peer's first; a SYN is 0:0
	std::optional<u32> ack;   ///< since the stack's first
	u16 window = 0;           ///< as in the header
	std::vector<u8> options;  ///< wire format, padded
	bool ect = false;
};

/// One call that must be seen, as the text has it.
struct expected_call {
	u8 op;
	bool is_fullsock;
	std::vector<std::optional<u32>> args; ///< those that the text of the op shows; nullopt: any
	std::string text;
};

struct expectation {
	unsigned line;
	std::vector<expected_call> calls;
};

/// `fire OP on SOCKET {fields}`
struct timeline_fire {
	/// What the op is fired on.
	enum class target : u8 {
		socket,  ///< one that is made now
		request, ///< one that is made now, of a listener that is made for it
		child,   ///< what the request `of` becomes now
		known,   ///< one that was made before
	};

	u8 op;
	std::array<u32, 4> args{}; ///< as the stack would pass them
	target on = target::socket;
	std::string name{}; ///< of the socket; "": it has none
	std::string of{};   ///< target::child: the request's
	socket_fields fields{};
	u32 given = 0;                          ///< which fields are written: bits by their order in the table
	std::optional<std::vector<u8>> options; ///< of the segment that came: wire format, padded
	u8 segment_flags = 0;                   ///< of that segment
	std::optional<u32> room;                ///< fire_options::room
	bool anyway = false;                    ///< fire_options::anyway
};

namespace text {
struct statement;
}

/// A line that says what programs did, what a map or a variable holds, or what must not be. What it says is
/// judged by whoever has the programs (testing/text_test.hpp).
struct timeline_statement {
	unsigned line;
	std::string text; ///< as written
	std::shared_ptr<const text::statement> what;
};

struct timeline_event {
	static constexpr u32 all = ~0u;

	unsigned line;
	std::string text; ///< as written
	u64 at_ns;        ///< since the beginning
	timeline_action what;
	side who = side::client; ///< drop: who sends what is lost; peer_sends: the scripted side
	u32 bytes = 0;           ///< send
	bool blocking = false;   ///< accept: waits for a connection, and later events count from its coming
	u32 count = 1;           ///< send: calls; drop: packets, `all`, or 0: no more
	u32 pass = 0;            ///< drop: packets that are let through before
	packet_kind kind = packet_kind::any;
	peer_segment peer{};
	std::array<std::optional<expectation>, 2> expect{}; ///< by side, from here until the next event
	std::optional<timeline_fire> fire{};                ///< timeline_action::fire
	std::vector<timeline_statement> statements{};       ///< of the same time
};

struct timeline {
	timeline_settings settings;
	std::vector<timeline_event> events;
	std::optional<side> scripted; ///< the side that `peer` stands for, if there is one

	/// Where both sides are. Throws timeline_error, of line 0, if they are in two families, in another one
	/// than settings.ipv6 says, or at the same place.
	[[nodiscard]] std::array<timeline_address, 2> addresses() const;

	/// What the text, or the text of a file, says. Both throw timeline_error; parse_file() for a file that
	/// cannot be read, too.
	[[nodiscard]] static timeline parse(std::string_view text);
	[[nodiscard]] static timeline parse_file(const std::string& path);
};

} // namespace sockops::testing
