// SPDX-License-Identifier: MIT
// STATE, RTO and RETRANS: how connections end, well or badly, told as Linux tells it where ns-3 has
// other states or none.

#include "support.hpp"

#include <gtest/gtest.h>

#include <ns3/config.h>
#include <ns3/uinteger.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using test::packet;

namespace {

constexpr int rto_retrans_state = 0x7;

/// Sets the flags where a program would, and keeps the arguments of RETRANS_CB.
struct watcher {
	std::vector<std::vector<u32>>* retrans = nullptr;

	int operator()(bpf_sock_ops& skops) const {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			bpf_sock_ops_cb_flags_set(skops, rto_retrans_state);
		if (skops.op == BPF_SOCK_OPS_RETRANS_CB && retrans)
			retrans->push_back({skops.args[0], skops.args[1], skops.args[2]});
		if (skops.op == BPF_SOCK_OPS_STATE_CB) {
			EXPECT_EQ(skops.state, skops.args[0]) << "the state is still the old one";
		}
		return 1;
	}
};

const std::string connected = "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN STATE(2>1) ACTIVE_ESTABLISHED";
const std::string accepted = "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* PASSIVE_ESTABLISHED STATE(3>1)";

} // namespace

TEST(states, client_closes_first) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve(test::read_and_close);
	sim.connect();
	sim.at(3, [&] { sim.client->Close(); });
	sim.run();
	EXPECT_EQ(sim.client_calls(), connected + " STATE(1>4) STATE(4>5) STATE(5>7)")
		<< "and none at the end of 2 MSL";
	EXPECT_EQ(sim.server_calls(), accepted + " STATE(1>8) STATE(8>9) STATE(9>7)");
}

TEST(states, server_closes_first) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve();
	sim.connect(test::read_and_close);
	sim.at(3, [&] { sim.accepted_socket->Close(); });
	sim.run();
	EXPECT_EQ(sim.server_calls(), accepted + " STATE(1>4) STATE(4>5) STATE(5>7)");
	EXPECT_EQ(sim.client_calls(), connected + " STATE(1>8) STATE(8>9) STATE(9>7)");
}

TEST(states, half_close_stays_in_fin_wait2) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve();
	sim.connect();
	sim.at(3, [&] { sim.client->Close(); });
	sim.run();
	EXPECT_EQ(sim.client_calls(), connected + " STATE(1>4) STATE(4>5)");
	EXPECT_EQ(sim.server_calls(), accepted + " STATE(1>8)");
}

TEST(states, both_close_at_once) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve();
	sim.connect();
	sim.at(3, [&] {
		sim.client->Close();
		sim.accepted_socket->Close();
	});
	sim.run();
	EXPECT_EQ(sim.client_calls(), connected + " STATE(1>4) STATE(4>11) STATE(11>7)");
	EXPECT_EQ(sim.server_calls(), accepted + " STATE(1>4) STATE(4>11) STATE(11>7)");
}

TEST(states, listener_closes) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve();
	sim.at(3, [&] { sim.listener->Close(); });
	sim.run();
	EXPECT_EQ(sim.server_calls(), "TCP_LISTEN STATE(10>7)");
}

TEST(states, second_listen_fires_nothing) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve();
	sim.at(3, [&] { sim.listener->Listen(); });
	sim.run();
	EXPECT_EQ(sim.server_calls(), "TCP_LISTEN");
}

TEST(states, close_with_unread_data_is_an_abort) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.serve();
	sim.connect([](auto socket) { test::send(socket, 100); });
	sim.at(3, [&] { sim.accepted_socket->Close(); });
	sim.run();
	EXPECT_EQ(sim.server_calls(), accepted + " STATE(1>7)");
	EXPECT_EQ(sim.client_calls(), connected + " STATE(1>7)") << "the peer was reset";
}

TEST(states, reset_in_syn_sent) {
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.connect();
	sim.at(1.005, [&] { // a reset without ACK: the only kind that ns-3 heeds in SYN_SENT
		ns3::Address own;
		sim.client->GetSockName(own);
		ns3::TcpHeader reset;
		reset.SetFlags(ns3::TcpHeader::RST);
		reset.SetSourcePort(test::port);
		reset.SetDestinationPort(ns3::InetSocketAddress::ConvertFrom(own).GetPort());
		sim.nodes.Get(1)->GetObject<ns3::TcpL4Protocol>()->SendPacket(
			ns3::Create<ns3::Packet>(), reset, ns3::Ipv4Address("10.0.0.2"), ns3::Ipv4Address("10.0.0.1"));
	});
	sim.run();
	EXPECT_EQ(sim.client_calls(), "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN STATE(2>7)");
}

TEST(states, second_connect_of_a_socket_leaves_closed) {
	ns3::Config::SetDefault("ns3::TcpSocket::ConnCount", ns3::UintegerValue(1));
	test::two_nodes sim;
	sim.lose_to_server({0});
	sim.attach(watcher{});
	sim.serve();
	sim.connect(); // given up after 3 s
	sim.at(10, [&] { sim.client->Connect(ns3::InetSocketAddress("10.0.0.2", test::port)); });
	sim.run(20);
	EXPECT_EQ(sim.client_calls(), "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTO(0,750,1) STATE(2>7) "
								  "STATE(7>2) " +
									  connected);
}

TEST(states, refused_connect_goes_on_trying_in_ns3) {
	// ns-3.37 answers a SYN to a closed port with RST and ACK, and does not heed that in SYN_SENT.
	ns3::Config::SetDefault("ns3::TcpSocket::ConnCount", ns3::UintegerValue(2));
	test::two_nodes sim;
	sim.attach(watcher{});
	sim.connect({}, 81);
	sim.run();
	EXPECT_EQ(sim.client_calls(),
			  "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTO(0,750,0) RETRANS TIMEOUT_INIT "
			  "RTO(1,1500,1) STATE(2>7)");
}

TEST(states, connect_that_nobody_answers) {
	ns3::Config::SetDefault("ns3::TcpSocket::ConnCount", ns3::UintegerValue(3));
	test::two_nodes sim;
	sim.lose_to_server({0, 1, 2, 3});
	std::vector<std::vector<u32>> retrans;
	sim.attach([seen = watcher{&retrans}](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
			skops.reply = 25;
		return seen(skops);
	});
	sim.serve();
	sim.connect();
	sim.run();
	// A live Linux: RTO(n,…,0) RETRANS between TIMEOUT_INITs, and at the end RTO(…,1) STATE(2>7).
	EXPECT_EQ(sim.client_calls(),
			  "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTO(0,25,0) RETRANS TIMEOUT_INIT "
			  "TIMEOUT_INIT RTO(1,50,0) RETRANS TIMEOUT_INIT RTO(2,100,1) STATE(2>7)");
	EXPECT_EQ(retrans, (std::vector<std::vector<u32>>{{0, 1, 0}, {0, 1, 0}}));
}

TEST(states, request_that_comes_to_nothing_has_no_states) {
	ns3::Config::SetDefault("ns3::TcpSocket::ConnCount", ns3::UintegerValue(2));
	test::two_nodes sim;
	std::list<uint32_t> all;
	for (uint32_t i = 0; i != 50; ++i)
		all.push_back(i);
	sim.lose_to_client(all);
	sim.attach(watcher{});
	sim.serve();
	sim.connect();
	sim.run();
	EXPECT_EQ(sim.server_calls().find("STATE"), std::string::npos) << sim.server_calls();
	EXPECT_EQ(sim.server_calls().find("PASSIVE"), std::string::npos) << sim.server_calls();
}

TEST(retransmission, timeout_has_count_jiffies_and_expiry) {
	test::two_nodes sim;
	std::vector<std::vector<u32>> retrans;
	sim.lose_to_server({2, 3}); // after SYN and ACK: the data, and its first retransmission
	sim.attach(watcher{&retrans});
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 500); });
	sim.run(50);
	EXPECT_EQ(sim.client_calls(), connected + " RTO(0,250,0) RETRANS RTO(1,500,0) RETRANS");
	EXPECT_EQ(retrans, (std::vector<std::vector<u32>>{{1, 1, 0}, {1, 1, 0}})) << "sequence, segments, error";
	const auto data = sim.those([](const packet& p) { return p.data > 0; });
	ASSERT_EQ(data.size(), 3u);
	EXPECT_EQ(data[1].time_us - data[0].time_us, 1'000'000) << "250 jiffies";
	EXPECT_EQ(data[2].time_us - data[1].time_us, 2'000'000) << "500 jiffies";
}

TEST(retransmission, fast_retransmit_has_no_timeout) {
	test::two_nodes sim;
	std::vector<std::vector<u32>> retrans;
	sim.lose_to_server({4});
	sim.attach(watcher{&retrans});
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 10'000); });
	sim.run(50);
	EXPECT_EQ(sim.client_calls().find("RTO"), std::string::npos);
	ASSERT_FALSE(retrans.empty());
	EXPECT_EQ(retrans[0], (std::vector<u32>{1 + 2 * test::mss, 1, 0}));
	// In recovery ns-3 also sends again what may have arrived (RFC 6675, NextSeg rule 3).
	const auto data = sim.those([](const packet& p) { return p.data > 0; });
	EXPECT_EQ(retrans.size(), data.size() - 10) << "one call for each packet sent again";
}

TEST(retransmission, connection_that_is_given_up_closes) {
	ns3::Config::SetDefault("ns3::TcpSocket::DataRetries", ns3::UintegerValue(2));
	test::two_nodes sim;
	std::list<uint32_t> all;
	for (uint32_t i = 2; i != 50; ++i)
		all.push_back(i);
	sim.lose_to_server(all);
	sim.attach(watcher{});
	sim.serve();
	sim.connect([](auto socket) { test::send(socket, 500); });
	sim.run();
	EXPECT_EQ(sim.client_calls(),
			  connected + " RTO(0,250,0) RETRANS RTO(1,500,0) RETRANS RTO(2,1000,1) STATE(1>7)");
}

TEST(retransmission, lost_fin_is_a_timeout_and_a_retransmission) {
	test::two_nodes sim;
	std::vector<std::vector<u32>> retrans;
	sim.lose_to_server({2});
	sim.attach(watcher{&retrans});
	sim.serve(test::read_and_close);
	sim.connect();
	sim.at(3, [&] { sim.client->Close(); });
	sim.run();
	EXPECT_EQ(sim.client_calls(), connected + " STATE(1>4) RTO(0,250,0) RETRANS STATE(4>5) STATE(5>7)");
	EXPECT_EQ(retrans, (std::vector<std::vector<u32>>{{1, 1, 0}}));
}
