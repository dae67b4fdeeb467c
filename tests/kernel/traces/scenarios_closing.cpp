// SPDX-License-Identifier: MIT
#include "step_makers.hpp"

namespace traces {

using namespace make;

namespace {

void add_aborts(std::vector<scenario>& to) {
	to.push_back(of("server_aborts", "The server closes with a RST.", four_flags,
					established() + both_ways() +
						steps{server(100ms, action::abort), client(100ms, action::close),
							  server(100ms, action::close), wait(100ms)}));
	to.push_back(of("server_aborts_all_flags", "The server closes with a RST.", all_flags,
					established() + both_ways() +
						steps{server(100ms, action::abort), client(100ms, action::close),
							  server(100ms, action::close), wait(100ms)}));
	to.push_back(of("client_aborts", "The client closes with a RST.", four_flags,
					established() + both_ways() +
						steps{client(100ms, action::abort), server(100ms, action::close),
							  server(100ms, action::close), wait(100ms)}));
	to.push_back(
		of("closed_with_unread_data", "The server closes before it has read all: a RST, too.", four_flags,
		   established() + steps{send(100ms, side::client, 100), server(100ms, action::close),
								 client(100ms, action::close), server(100ms, action::close), wait(100ms)}));
	to.push_back(of("listener_closes_before_accept",
					"A connection that was not accepted goes with its listener.", four_flags,
					listening() + connecting() +
						steps{server(100ms, action::close), client(100ms, action::close), wait(100ms)}));
	to.push_back(of("client_closes_while_connecting", "The SYN is lost, and the client gives up at once.",
					four_flags,
					steps{drop(side::client, packet::syn, step::all)} + connecting() +
						steps{client(100ms, action::close), wait(100ms)}));
}

void add_half_closes(std::vector<scenario>& to) {
	to.push_back(of("server_closes_first", "The server closes first.", four_flags,
					established() + both_ways() +
						steps{server(100ms, action::close), client(100ms, action::close),
							  server(100ms, action::close), wait(100ms)}));
	to.push_back(
		of("client_shuts_down_first", "The client says that it is done, and still gets data.", four_flags,
		   established() + steps{client(100ms, action::shutdown), send(100ms, side::server, 50),
								 client(100ms, action::read), server(100ms, action::close),
								 client(100ms, action::close), server(100ms, action::close), wait(100ms)}));
	to.push_back(
		of("client_shuts_down_first_all_flags", "The client says that it is done, and still gets data.",
		   all_flags,
		   established() + steps{client(100ms, action::shutdown), send(100ms, side::server, 50),
								 client(100ms, action::read), server(100ms, action::close),
								 client(100ms, action::close), server(100ms, action::close), wait(100ms)}));
	to.push_back(
		of("server_shuts_down_first", "The server says that it is done, and still gets data.", four_flags,
		   established() + steps{server(100ms, action::shutdown), send(100ms, side::client, 100),
								 server(100ms, action::read), client(100ms, action::close),
								 server(100ms, action::close), server(100ms, action::close), wait(100ms)}));
	to.push_back(
		of("close_after_shutdown", "close() on a socket that has sent its FIN already is reported as 4>4.",
		   four_flags,
		   established() + steps{wait(100ms), drop(side::client, packet::fin, step::all),
								 client(0ms, action::shutdown), client(50ms, action::close),
								 drop(side::client, packet::fin, 0), wait(700ms),
								 server(100ms, action::close), server(100ms, action::close), wait(100ms)}));
}

void add_simultaneous_closes(std::vector<scenario>& to) {
	to.push_back(
		of("simultaneous_close",
		   "The client's FIN is lost. The server closes too: its FIN meets a client that has sent one\n"
		   "(4>11). The client's ACK of it is lost as well, so the client's second FIN finds a server\n"
		   "that still waits.",
		   four_flags,
		   established() + steps{wait(100ms), drop(side::client, packet::fin, 1),
								 drop(side::client, packet::ack, 1), client(0ms, action::close),
								 server(50ms, action::close), wait(700ms), server(100ms, action::close),
								 wait(100ms)}));
	to.push_back(of("fin_lost", "The client's FIN is lost, and sent again.", four_flags,
					established() + both_ways() +
						steps{drop(side::client, packet::fin, 1), client(100ms, action::close), wait(700ms),
							  server(100ms, action::close), server(100ms, action::close), wait(100ms)}));
	to.push_back(of("disconnect_and_reconnect",
					"The same socket connects again: its flags are still set, so that even the first change\n"
					"of state is reported.",
					four_flags,
					established() +
						steps{client(100ms, action::disconnect), server(100ms, action::close),
							  client(100ms, action::connect), server(100ms, action::accept)} +
						both_ways() + client_closes_first()));
}

} // namespace

std::vector<scenario> closing_scenarios() {
	std::vector<scenario> all;
	add_aborts(all);
	add_half_closes(all);
	add_simultaneous_closes(all);
	return all;
}

} // namespace traces
