// SPDX-License-Identifier: MIT
// One side is a script: for what two sockets do not do to each other.
#include "step_makers.hpp"

namespace traces {

using namespace make;

namespace {

constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, ece = 64, cwr = 128;
const std::vector<std::uint8_t> mss_1460{2, 4, 0x05, 0xb4};
const std::vector<std::uint8_t> unknown{253, 4, 0xeb, 0x9f};

step peer(nanoseconds after, std::uint8_t flags, std::uint32_t seq, std::uint32_t end_seq,
		  std::optional<std::uint32_t> acked, std::vector<std::uint8_t> options = {}) {
	step one{after, action::peer_sends, side::client};
	one.peer = {flags, seq, end_seq, acked, 65535, std::move(options), false};
	return one;
}
step with_ect(step one) {
	one.peer.ect = true;
	return one;
}

scenario scripted(scenario one, side who) {
	one.what.scripted = who;
	(who == side::client ? one.what.client : one.what.server) = {};
	return one;
}

/// The peer connects to a socket that listens.
steps accepted(std::vector<std::uint8_t> options = mss_1460) {
	return listening() + steps{peer(50ms, syn, 0, 0, {}, std::move(options)), peer(50ms, ack, 1, 1, 1),
							   server(50ms, action::accept)};
}
/// A socket connects to the peer.
steps connected() { return connecting() + steps{peer(50ms, syn | ack, 0, 0, 1, mss_1460)}; }

void add_servers(std::vector<scenario>& to) {
	to.push_back(scripted(
		of("peer_connects", "A client that knows no option but the MSS.", all_flags,
		   accepted() + steps{peer(100ms, psh | ack, 1, 101, 1), server(100ms, action::read),
							  send(100ms, side::server, 50), peer(10ms, ack, 101, 101, 51),
							  peer(100ms, fin | ack, 101, 101, 51), server(100ms, action::close),
							  peer(10ms, ack, 102, 102, 52), server(100ms, action::close), wait(100ms)}),
		side::client));
	to.push_back(scripted(
		of("peer_sends_unknown_options",
		   "Of the segments with data, every other one has an option that nobody knows. Only\n"
		   "those with it are shown (flag 0x20).",
		   0x2f,
		   accepted() + steps{peer(100ms, psh | ack, 1, 101, 1), peer(100ms, psh | ack, 101, 201, 1, unknown),
							  peer(100ms, psh | ack, 201, 301, 1),
							  peer(100ms, psh | ack, 301, 401, 1, unknown), server(100ms, action::abort),
							  server(100ms, action::close)}),
		side::client));
	to.push_back(
		scripted(of("peer_sends_out_of_order",
					"Data that comes too early, too late, and twice: all of it is shown but what the\n"
					"fast path takes.",
					0x1f,
					accepted() + steps{peer(100ms, psh | ack, 101, 201, 1), peer(50ms, psh | ack, 1, 101, 1),
									   peer(50ms, psh | ack, 1, 101, 1), peer(50ms, psh | ack, 201, 301, 1),
									   server(100ms, action::read), server(100ms, action::abort),
									   server(100ms, action::close)}),
				 side::client));
	to.push_back(scripted(
		of("peer_sends_what_is_refused", "Segments outside of the window, and a SYN: none is shown.", 0x1f,
		   accepted() + steps{peer(100ms, psh | ack, 200'001, 200'101, 1), peer(50ms, syn, 1, 1, {}),
							  server(100ms, action::abort), server(100ms, action::close)}),
		side::client));
	to.push_back(scripted(of("peer_resets", "A RST is not shown as a header, but as a change of state.", 0x1f,
							 accepted() + steps{peer(100ms, rst | ack, 1, 1, 1), server(100ms, action::close),
												server(100ms, action::close)}),
						  side::client));
	to.push_back(scripted(of("peer_never_ends_the_handshake",
							 "The SYN-ACK is not answered. The first timeout is 25 jiffies, by the program;\n"
							 "tcp_synack_retries 2.",
							 all_flags,
							 listening() + steps{peer(50ms, syn, 0, 0, {}, mss_1460), wait(2500ms),
												 server(100ms, action::close)}),
						  side::client));
	to.back().what.server.replies = {{timeout_init, 25}};
	to.back().what.sysctls = {{"tcp_synack_retries", "2"}};
	to.push_back(scripted(
		of("peer_repeats_its_syn",
		   "The same SYN three times. The third comes too soon after the second: it is not\n"
		   "answered (tcp_invalid_ratelimit).",
		   all_flags,
		   listening() + steps{peer(50ms, syn, 0, 0, {}, mss_1460), peer(50ms, syn, 0, 0, {}, mss_1460),
							   peer(50ms, syn, 0, 0, {}, mss_1460), peer(50ms, rst, 1, 1, {}),
							   server(100ms, action::close)}),
		side::client));
}

void add_ecn(std::vector<scenario>& to) {
	const auto asks = [&](const char* name, const char* prose, bool ect, std::int32_t reply) {
		const step first = peer(50ms, syn | ece | cwr, 0, 0, {}, mss_1460);
		to.push_back(
			scripted(of(name, prose, four_flags,
						listening() + steps{ect ? with_ect(first) : first, peer(50ms, ack, 1, 1, 1),
											server(50ms, action::accept), server(100ms, action::abort),
											server(100ms, action::close)}),
					 side::client));
		to.back().what.server.replies = {{needs_ecn, reply}};
	};
	asks("peer_asks_for_ecn", "A SYN that asks for ECN: the sysctl decides, and no program is asked.", false,
		 0);
	asks("peer_asks_for_ecn_with_ect",
		 "A SYN that asks for ECN and is marked ECT: the program is asked, and says no.", true, 0);
	asks("peer_asks_for_ecn_with_ect_and_gets_it",
		 "A SYN that asks for ECN and is marked ECT: the program is asked, and says yes.", true, 1);
}

void add_clients(std::vector<scenario>& to) {
	to.push_back(
		scripted(of("peer_accepts", "A server that knows no option but the MSS.", all_flags,
					connected() + steps{send(100ms, side::client, 100), peer(10ms, ack, 1, 1, 101),
										peer(100ms, psh | ack, 1, 51, 101), client(100ms, action::read),
										client(100ms, action::close), peer(10ms, ack, 51, 51, 102),
										peer(50ms, fin | ack, 51, 51, 102), wait(100ms)}),
				 side::server));
	to.push_back(scripted(
		of("peer_opens_simultaneously", "The answer to the SYN is a SYN; then both are acknowledged.",
		   all_flags,
		   connecting() + steps{peer(50ms, syn, 0, 0, {}, mss_1460), peer(50ms, syn | ack, 0, 0, 1, mss_1460),
								peer(50ms, ack, 1, 1, 1), client(100ms, action::abort)}),
		side::server));
	to.push_back(scripted(of("peer_closes_simultaneously",
							 "Both FINs are under way at the same time (4>11); then both are acknowledged.",
							 four_flags,
							 connected() + steps{client(100ms, action::close), peer(10ms, fin | ack, 1, 1, 1),
												 peer(10ms, ack, 2, 2, 2), wait(100ms)}),
						  side::server));
	to.push_back(scripted(
		of("peer_acknowledges_all_at_once",
		   "The FIN of the peer acknowledges that of the client: FIN_WAIT2 is left at once.", four_flags,
		   connected() + steps{client(100ms, action::close), peer(10ms, fin | ack, 1, 1, 2), wait(100ms)}),
		side::server));
	to.push_back(scripted(of("peer_closes_its_window",
							 "The window is 0: what probes it is neither a timeout nor a retransmission.",
							 four_flags, connected()),
						  side::server));
	steps& closed = to.back().what.steps;
	step zero = peer(100ms, ack, 1, 1, 101);
	zero.peer.window = 0;
	closed = connected() + steps{send(100ms, side::client, 100), zero,
								 send(100ms, side::client, 100), wait(700ms),
								 peer(10ms, ack, 1, 1, 101),     peer(50ms, ack, 1, 1, 201),
								 client(100ms, action::abort)};
	to.push_back(
		scripted(of("peer_sends_a_wrong_synack",
					"It acknowledges what was not sent. The answer is a RST, and the SYN is sent again at\n"
					"once: its timer is set to the least there is.",
					four_flags,
					connecting() + steps{peer(50ms, syn | ack, 0, 0, 77, mss_1460),
										 peer(50ms, rst | ack, 0, 0, 1), wait(100ms)}),
				 side::server));
}

} // namespace

std::vector<scenario> peer_scenarios() {
	std::vector<scenario> all;
	add_servers(all);
	add_ecn(all);
	add_clients(all);
	return all;
}

} // namespace traces
