// SPDX-License-Identifier: MIT
#include "step_makers.hpp"

namespace traces {

using namespace make;

namespace {

void add_fast_open(std::vector<scenario>& to) {
	const std::vector<sysctl> without_cookies{{"tcp_fastopen", "519"}};
	const std::vector<socket_option> both{{side::client, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1, ""},
										  {side::server, IPPROTO_TCP, TCP_FASTOPEN, 5, ""}};
	const steps what = listening() + connecting() + steps{send(50ms, side::client, 100)} + accepting() +
					   steps{server(100ms, action::read), send(100ms, side::server, 50)} +
					   client_closes_first();
	to.push_back(with_options(
		with_sysctls(of("fast_open",
						"TCP Fast Open without cookies. connect() only keeps the address; the first send()\n"
						"makes the SYN, with the data in it.",
						four_flags, what),
					 without_cookies),
		both));
	to.push_back(with_programs(
		with_options(
			with_sysctls(of("fast_open_reserve_4",
							"TCP Fast Open without cookies, and each header gets an option of 4 bytes.",
							all_flags, what),
						 without_cookies),
			both),
		[](program& one) { one.reserve = 4; }));
}

void add_ecn(std::vector<scenario>& to) {
	to.push_back(with_programs(
		of("ecn_by_programs", "The programs of both sides want ECN.", four_flags, plain()), [](program& one) {
			one.replies = {{needs_ecn, 1}};
		}));
	scenario client_only = of("ecn_by_the_client_only",
							  "The client's program wants ECN. Its SYN is marked ECT, so a server that only\n"
							  "has tcp_ecn 2 does not agree.",
							  four_flags, plain());
	client_only.what.client.replies = {{needs_ecn, 1}};
	to.push_back(client_only);
	scenario server_only = of("ecn_by_the_server_only",
							  "The server's program wants ECN; nobody asked for it.", four_flags, plain());
	server_only.what.server.replies = {{needs_ecn, 1}};
	to.push_back(server_only);
	to.push_back(with_sysctls(
		of("ecn_by_sysctl", "No program wants ECN, but tcp_ecn 1 does, on both sides.", four_flags, plain()),
		{{"tcp_ecn", "1"}}));
}

void add_simultaneous_open(std::vector<scenario>& to) {
	const steps what = steps{drop(side::client, packet::syn, 1)} + connecting() +
					   steps{server(100ms, action::connect)} +
					   steps{send(100ms, side::client, 100), server(100ms, action::read),
							 client(100ms, action::close), server(100ms, action::close), wait(100ms)};
	const char* const prose =
		"The client's SYN is lost. Before it is sent again, the other side connects to\n"
		"the client: the client has sent a SYN, and gets one. Nobody listens.";
	to.push_back(of("simultaneous_open", prose, four_flags, what));
	to.push_back(with_programs(of("simultaneous_open_reserve_4", prose, all_flags, what),
							   [](program& one) { one.reserve = 4; }));
}

} // namespace

std::vector<scenario> handshake_scenarios() {
	std::vector<scenario> all;
	const char* const prose =
		"Connect, 100 bytes up, 50 bytes down; the client closes first, then the server,\n"
		"then the listener.";
	all.push_back(of("plain_no_flags", prose, 0, plain()));
	all.push_back(of("plain", prose, four_flags, plain()));
	all.push_back(of("plain_all_flags", prose, all_flags, plain()));
	all.push_back(with_programs(of("plain_reserve_4", prose, all_flags, plain()),
								[](program& one) { one.reserve = 4; }));
	all.push_back(with_programs(of("plain_reserve_20", prose, all_flags, plain()),
								[](program& one) { one.reserve = 20; }));
	all.push_back(of("plain_only_written",
					 "With the flag for header options alone: what is received is not shown.", 0x40,
					 plain()));
	all.back().what.client.reserve = all.back().what.server.reserve = 4;
	all.push_back(of("plain_only_unknown",
					 "With the flag for unknown options, and with options that are unknown.", 0x60, plain()));
	all.back().what.client.reserve = all.back().what.server.reserve = 4;
	all.push_back(of("refused", "Nobody listens.", four_flags, connecting() + steps{wait(100ms)}));
	all.push_back(of("refused_all_flags", "Nobody listens.", all_flags, connecting() + steps{wait(100ms)}));
	all.push_back(of("second_listen", "A second listen() is not reported.", four_flags,
					 listening() + steps{server(50ms, action::listen)} + connecting() + accepting() +
						 client_closes_first()));
	all.push_back(with_sysctls(of("syncookies", "Each SYN is answered with a cookie.", four_flags, plain()),
							   {{"tcp_syncookies", "2"}}));
	all.push_back(
		with_programs(with_sysctls(of("syncookies_reserve_4",
									  "Each SYN is answered with a cookie, and each header gets an\n"
									  "option of 4 bytes.",
									  all_flags, plain()),
								   {{"tcp_syncookies", "2"}}),
					  [](program& one) { one.reserve = 4; }));
	add_ecn(all);
	add_fast_open(all);
	add_simultaneous_open(all);
	return all;
}

} // namespace traces
