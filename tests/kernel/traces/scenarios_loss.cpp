// SPDX-License-Identifier: MIT
#include "step_makers.hpp"

namespace traces {

using namespace make;

namespace {

scenario with_reply(scenario one, side who, std::uint32_t to_op, std::int32_t value) {
	(who == side::client ? one.what.client : one.what.server).replies.push_back({to_op, value});
	return one;
}

void add_handshake_losses(std::vector<scenario>& to) {
	const steps after_a_loss =
		steps{wait(300ms), server(100ms, action::accept)} + both_ways() + client_closes_first();
	to.push_back(with_options(
		with_reply(
			of("blackhole",
			   "Nothing that the client sends arrives. Its first timeout is 50 jiffies, and TCP_SYNCNT 2\n"
			   "would end it after two retransmissions, were the first four not counted apart\n"
			   "(tcp_syn_linear_timeouts).",
			   four_flags,
			   steps{drop(side::client, packet::any, step::all)} + connecting() +
				   steps{wait(4s), wait(100ms)}),
			side::client, timeout_init, 50),
		{{side::client, IPPROTO_TCP, TCP_SYNCNT, 2, ""}}));
	const steps syn_lost = listening() + steps{drop(side::client, packet::syn, 1)} + connecting();
	to.push_back(of("syn_lost", "The first SYN is lost; a second later it is sent again.", four_flags,
					syn_lost + steps{wait(1500ms)} + accepting() + both_ways() + client_closes_first()));
	to.push_back(with_reply(
		of("syn_lost_timeout_by_program",
		   "The first SYN is lost; the client's program has made the timeout 25 jiffies. The\n"
		   "second one is lost too.",
		   all_flags, listening() + steps{drop(side::client, packet::syn, 2)} + connecting() + after_a_loss),
		side::client, timeout_init, 25));
	const steps synack_lost =
		listening() + steps{drop(side::server, packet::synack, 1)} + connecting() + after_a_loss;
	to.push_back(
		with_reply(of("synack_lost_server_is_first",
					  "The first SYN-ACK is lost. The server's program has made its timeout 25 jiffies,\n"
					  "so the server sends it again, long before the client repeats its SYN.",
					  four_flags, synack_lost),
				   side::server, timeout_init, 25));
	to.push_back(
		with_reply(of("synack_lost_client_is_first",
					  "The first SYN-ACK is lost. The client's program has made its timeout 25 jiffies,\n"
					  "so the client repeats its SYN, and that is answered.",
					  four_flags, synack_lost),
				   side::client, timeout_init, 25));
	scenario reserving =
		with_reply(of("synack_lost_reserve_4",
					  "The first SYN-ACK is lost, and sent again by the server's timer. Each header\n"
					  "gets an option of 4 bytes.",
					  all_flags, synack_lost),
				   side::server, timeout_init, 25);
	to.push_back(with_programs(reserving, [](program& one) { one.reserve = 4; }));
	to.push_back(of("last_ack_of_the_handshake_lost",
					"The client's ACK of the SYN-ACK is lost; its data says the same.", four_flags,
					listening() + steps{drop(side::client, packet::ack, 1)} + connecting() +
						steps{send(100ms, side::client, 100), server(100ms, action::accept),
							  server(100ms, action::read)} +
						client_closes_first()));
}

/// `lost` data packets of the client, the first `pass` arrive.
steps data_lost(std::uint32_t lost, std::uint32_t pass, step sending, nanoseconds time) {
	return established() +
		   steps{wait(100ms), drop(side::client, packet::data, lost, pass), sending, wait(time),
				 server(100ms, action::read)} +
		   client_closes_first();
}

/// Without timestamps: they are milliseconds, and ACKs that wait for a socket in use are merged only if
/// all their options are equal.
void add_bursts(std::vector<scenario>& to) {
	const steps what = established() + steps{send(100ms, side::client, 20000), server(200ms, action::read)} +
					   client_closes_first();
	const std::vector<sysctl> no_timestamps{{"tcp_timestamps", "0"}};
	to.push_back(
		with_sysctls(of("burst",
						"One send() of 20000 bytes. Meanwhile the socket is in use: the ACKs wait, and\n"
						"those that are alike become one.",
						four_flags, what),
					 no_timestamps));
	to.push_back(with_programs(
		with_sysctls(of("burst_reserve_4",
						"One send() of 20000 bytes, each header with an option of 4 bytes.", all_flags, what),
					 no_timestamps),
		[](program& one) { one.reserve = 4; }));
	to.push_back(with_sysctls(of("plain_without_timestamps", "Without timestamps.", all_flags, plain()),
							  no_timestamps));
}

void add_data_losses(std::vector<scenario>& to) {
	const step one_packet = send(0ms, side::client, 100);
	to.push_back(of("tail_loss_probe", "The only data packet is lost; a probe repeats it.", four_flags,
					data_lost(1, 0, one_packet, 700ms)));
	to.push_back(of("data_lost_twice",
					"The only data packet is lost, and so is the probe: the timer repeats it.", four_flags,
					data_lost(2, 0, one_packet, 1200ms)));
	to.push_back(of("data_lost_four_times", "The timer runs out three times, each time for twice as long.",
					four_flags, data_lost(4, 0, one_packet, 3500ms)));
	to.push_back(with_sysctls(of("no_tail_loss_probe", "Without probes the timer repeats it.", four_flags,
								 data_lost(1, 0, one_packet, 700ms)),
							  {{"tcp_early_retrans", "0"}}));
	to.push_back(
		with_programs(of("data_lost_twice_reserve_4",
						 "The only data packet is lost, and so is the probe. Each header gets an option\n"
						 "of 4 bytes.",
						 all_flags, data_lost(2, 0, one_packet, 1200ms)),
					  [](program& one) { one.reserve = 4; }));
	const std::vector<socket_option> no_delay{{side::client, IPPROTO_TCP, TCP_NODELAY, 1, ""}};
	const step eight = send(0ms, side::client, 1000, 8);
	to.push_back(
		with_options(of("one_of_eight_lost", "The third of eight segments is lost; those after it show that.",
						four_flags, data_lost(1, 2, eight, 700ms)),
					 no_delay));
	to.push_back(with_options(of("one_of_eight_lost_all_flags",
								 "The third of eight segments is lost; with the calls for header options.",
								 all_flags, data_lost(1, 2, eight, 700ms)),
							  no_delay));
	to.push_back(
		with_options(of("last_of_eight_lost", "The last of eight segments is lost; a probe repeats it.",
						four_flags, data_lost(1, 7, eight, 700ms)),
					 no_delay));
	to.push_back(
		with_sysctls(of("connection_times_out",
						"Nothing of the client arrives any more; tcp_retries2 1 ends the connection, at the\n"
						"third timeout. There are no probes.",
						four_flags,
						established() + steps{wait(100ms), drop(side::client, packet::any, step::all),
											  one_packet, wait(3s), server(100ms, action::abort)}),
					 {{"tcp_retries2", "1"}, {"tcp_early_retrans", "0"}}));
	add_bursts(to);
}

} // namespace

std::vector<scenario> loss_scenarios() {
	std::vector<scenario> all;
	add_handshake_losses(all);
	add_data_losses(all);
	return all;
}

} // namespace traces
