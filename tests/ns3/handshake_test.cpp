// SPDX-License-Identifier: MIT
// How connections begin: the order of the calls, which a live 6.18 was seen to make, the request that
// programs see while ns-3 has a full socket, and what replies change on the wire.

#include "support.hpp"

#include <cerrno>

#include <gtest/gtest.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using ns3::TcpHeader;
using test::packet;

namespace {

const auto is_syn = [](const packet& p) { return p.is(TcpHeader::SYN); };
const auto is_synack = [](const packet& p) { return p.is(TcpHeader::SYN | TcpHeader::ACK); };
const auto is_client_data = [](const packet& p) { return p.from_client && p.data > 0; };

int observe(bpf_sock_ops&) { return 1; }

/// Sets cb flags where a program would: on connect and on listen.
auto with_flags(int flags) {
	return [flags](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			bpf_sock_ops_cb_flags_set(skops, flags);
		return 1;
	};
}

auto replying(u32 op, u32 reply) {
	return [op, reply](bpf_sock_ops& skops) {
		if (skops.op == op)
			skops.reply = reply;
		return 1;
	};
}

} // namespace

TEST(handshake, calls_without_flags_are_those_of_linux) {
	test::two_nodes sim;
	sim.attach(observe);
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 100); });
	sim.run(5);
	EXPECT_EQ(sim.client_calls(), "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN ACTIVE_ESTABLISHED");
	EXPECT_EQ(sim.server_calls(), "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* PASSIVE_ESTABLISHED");
}

TEST(handshake, calls_with_all_flags_are_those_of_linux) {
	test::two_nodes sim;
	sim.attach(with_flags(0xf));
	sim.serve([](auto socket) {
		test::read_and_close(socket);
		test::send(socket, 50);
	});
	sim.connect([](auto socket) {
		test::read_and_close(socket);
		test::send(socket, 100);
	});
	sim.at(3, [&] { sim.client->Close(); });
	sim.at(500, [&] { sim.listener->Close(); });
	sim.run();
	// Linux has one RTT more on each side, for the acknowledged FIN, of which ns-3 takes no sample.
	EXPECT_EQ(sim.client_calls(),
			  "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTT STATE(2>1) ACTIVE_ESTABLISHED "
			  "RTT STATE(1>4) STATE(4>5) STATE(5>7)");
	EXPECT_EQ(sim.server_calls(),
			  "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* RTT PASSIVE_ESTABLISHED STATE(3>1) "
			  "RTT STATE(1>8) STATE(8>9) STATE(9>7) STATE(10>7)");
}

TEST(handshake, lost_syn_is_a_timeout_and_a_retransmission) {
	test::two_nodes sim;
	sim.lose_to_server({0});
	sim.attach(with_flags(0xf));
	sim.serve();
	sim.connect();
	sim.run(10);
	EXPECT_EQ(sim.client_calls(),
			  "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTO(0,750,0) RETRANS TIMEOUT_INIT RTT "
			  "STATE(2>1) ACTIVE_ESTABLISHED");
	EXPECT_EQ(sim.server_calls(),
			  "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* RTT PASSIVE_ESTABLISHED STATE(3>1)");
}

TEST(handshake, each_synack_of_a_request_asks_needs_ecn_and_nothing_else) {
	test::two_nodes sim;
	sim.lose_to_client({0, 1});
	sim.attach(with_flags(0x7));
	sim.attach("/all", replying(BPF_SOCK_OPS_TIMEOUT_INIT, 25));
	sim.serve();
	sim.connect();
	sim.run(10);
	// Whether the client's or the server's timer is first, the request is never told of more.
	const std::string& calls = sim.server_calls();
	EXPECT_EQ(calls.substr(0, calls.find("NEEDS_ECN*")), "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* ");
	std::size_t asked = 0;
	for (std::size_t at = 0; (at = calls.find("NEEDS_ECN*", at)) != std::string::npos; ++at)
		++asked;
	EXPECT_EQ(asked, sim.those(is_synack).size());
	EXPECT_GE(asked, 3u);
	EXPECT_EQ(calls.find("RTO"), std::string::npos);
	EXPECT_EQ(calls.find("RETRANS"), std::string::npos);
}

TEST(handshake, request_is_not_a_full_socket_until_passive_established) {
	struct seen {
		u32 op, full, state, cwnd, local_port, remote_port;
		int set, flags;
		u64 cookie;
	};
	std::vector<seen> all;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.local_port != test::port || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			return 1;
		const int packets = 5;
		const int set = bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets, sizeof packets);
		all.push_back({skops.op, skops.is_fullsock, skops.state, skops.snd_cwnd, skops.local_port,
					   skops.remote_port, set, bpf_sock_ops_cb_flags_set(skops, 0),
					   bpf_get_socket_cookie(skops)});
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);

	ASSERT_EQ(all.size(), 4u);
	for (const seen& request : {all[0], all[1], all[2]}) {
		EXPECT_EQ(request.full, 0u);
		EXPECT_EQ(request.state, u32{TCP_NEW_SYN_RECV});
		EXPECT_EQ(request.cwnd, 0u);
		EXPECT_EQ(request.set, -EINVAL);
		EXPECT_EQ(request.flags, -EINVAL);
	}
	EXPECT_EQ(all[3].op, u32{BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB});
	EXPECT_EQ(all[3].full, 1u);
	EXPECT_EQ(all[3].state, u32{TCP_SYN_RECV});
	EXPECT_EQ(all[3].set, 0);
	EXPECT_EQ(all[3].cookie, all[0].cookie) << "the child has its request's cookie";
	EXPECT_EQ(all[0].remote_port, all[3].remote_port);
}

TEST(handshake, established_sees_peers_and_sequence_numbers) {
	u32 seen[6] = {};
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
			const u32 now[6] = {be32_to_cpu(skops.remote_ip4),
								be32_to_cpu(skops.local_ip4),
								be32_to_cpu(skops.remote_port),
								skops.snd_nxt,
								skops.snd_una,
								skops.rcv_nxt};
			std::copy(std::begin(now), std::end(now), seen);
		}
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(seen[0], 0x0a000002u);
	EXPECT_EQ(seen[1], 0x0a000001u);
	EXPECT_EQ(seen[2], test::port);
	EXPECT_EQ(seen[3], 1u);
	EXPECT_EQ(seen[4], 1u);
	EXPECT_EQ(seen[5], 1u);
}

// --- replies ------------------------------------------------------------------------------------

TEST(replies, timeout_init_is_the_gap_between_syns) {
	for (const u32 jiffies : {1u, 25u, 50u, 300u}) {
		test::two_nodes sim;
		sim.lose_to_server({0});
		sim.attach(replying(BPF_SOCK_OPS_TIMEOUT_INIT, jiffies));
		sim.serve();
		sim.connect();
		sim.run(20);
		const auto syns = sim.those(is_syn);
		ASSERT_GE(syns.size(), 2u);
		EXPECT_EQ(syns[1].time_us - syns[0].time_us, int64_t{jiffies} * 1'000'000 / 250) << jiffies;
	}
}

TEST(replies, timeout_init_is_the_gap_between_synacks) {
	test::two_nodes sim;
	sim.lose_to_client({0});
	sim.attach([](bpf_sock_ops& skops) { // the server's only: the client waits its 3 s
		if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT && skops.local_port == test::port)
			skops.reply = 25;
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(20);
	const auto synacks = sim.those(is_synack);
	ASSERT_EQ(synacks.size(), 2u);
	EXPECT_EQ(synacks[1].time_us - synacks[0].time_us, 100'000);
}

TEST(replies, no_timeout_reply_leaves_the_scripts_own) {
	for (const u32 no_reply : {0u, ~0u}) { // 0: not written; -1: a negative reply is none
		test::two_nodes sim;
		sim.lose_to_server({0});
		sim.attach(replying(BPF_SOCK_OPS_TIMEOUT_INIT, no_reply));
		sim.serve();
		sim.connect();
		sim.run(20);
		const auto syns = sim.those(is_syn);
		ASSERT_EQ(syns.size(), 2u);
		EXPECT_EQ(syns[1].time_us - syns[0].time_us, 3'000'000) << "ns-3's ConnTimeout";
	}
}

TEST(replies, rwnd_init_is_the_first_window_in_packets) {
	for (const u32 packets : {1u, 4u, 40u}) {
		test::two_nodes sim;
		sim.attach(replying(BPF_SOCK_OPS_RWND_INIT, packets));
		sim.serve();
		sim.connect();
		sim.run(5);
		EXPECT_EQ(sim.those(is_syn)[0].window, packets * test::mss);
		EXPECT_EQ(sim.those(is_synack)[0].window, packets * test::mss);
	}
}

TEST(replies, small_rwnd_init_bounds_the_first_flight_and_then_grows) {
	test::two_nodes sim;
	sim.attach(replying(BPF_SOCK_OPS_RWND_INIT, 3));
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 100'000); });
	sim.run(20);
	const auto data = sim.those(is_client_data);
	ASSERT_EQ(data.size(), 100u);
	EXPECT_EQ(data[2].time_us, data[0].time_us);
	EXPECT_GT(data[3].time_us, data[0].time_us + 19'000) << "the fourth waits for an acknowledgement";
	u32 most = 0;
	for (const packet& ack :
		 sim.those([](const packet& p) { return !p.from_client && p.is(TcpHeader::ACK); }))
		most = std::max<u32>(most, ack.window);
	EXPECT_GT(most, 60'000u / 2) << "scaled by 2: the cap has grown away";
}

TEST(replies, window_filled_to_the_byte_with_a_hole_in_it) {
	// ns-3.37 alone dereferences a null pointer here: it asks for a packet of no bytes.
	for (const uint32_t lost : {5u, 9u, 14u, 20u, 33u}) {
		test::two_nodes sim;
		sim.lose_to_server({lost});
		sim.attach(replying(BPF_SOCK_OPS_RWND_INIT, 4));
		sim.serve(test::read_and_close);
		sim.connect([](auto socket) { test::send(socket, 100'000); });
		sim.run(60);
		u32 next = 1;
		for (const packet& data : sim.those(is_client_data))
			next = std::max(next, data.seq + data.data);
		EXPECT_EQ(next, 100'001u) << lost;
	}
}

TEST(replies, negative_huge_or_no_rwnd_leaves_the_scripts_own) {
	for (const u32 no_reply : {0u, ~0u, 1'000'000u, 0x7fffffffu}) {
		test::two_nodes sim;
		sim.attach(replying(BPF_SOCK_OPS_RWND_INIT, no_reply));
		sim.serve();
		sim.connect();
		sim.run(5);
		EXPECT_EQ(sim.those(is_syn)[0].window, 65535) << no_reply;
		EXPECT_EQ(sim.those(is_synack)[0].window, 65535) << no_reply;
	}
}

TEST(replies, needs_ecn_is_ecn_on_the_wire) {
	test::two_nodes sim;
	sim.attach(replying(BPF_SOCK_OPS_NEEDS_ECN, 1));
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 20'000); });
	sim.run(5);
	const packet syn = sim.those(is_syn)[0], synack = sim.those(is_synack)[0];
	EXPECT_EQ(syn.flags, TcpHeader::SYN | TcpHeader::ECE | TcpHeader::CWR);
	EXPECT_TRUE(syn.ect);
	EXPECT_EQ(synack.flags, TcpHeader::SYN | TcpHeader::ACK | TcpHeader::ECE);
	EXPECT_TRUE(synack.ect);
	for (const packet& data : sim.those(is_client_data))
		EXPECT_TRUE(data.ect);
	EXPECT_EQ(sim.server_calls(),
			  "TCP_LISTEN NEEDS_ECN* RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* PASSIVE_ESTABLISHED");
}

TEST(replies, needs_ecn_of_the_client_alone_is_not_enough) {
	test::two_nodes sim;
	sim.attach([](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_NEEDS_ECN)
			skops.reply = skops.local_port == test::port ? 2 : 1; // 2 is not a yes
		return 1;
	});
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 5'000); });
	sim.run(5);
	EXPECT_EQ(sim.those(is_synack)[0].flags, TcpHeader::SYN | TcpHeader::ACK);
	for (const packet& data : sim.those(is_client_data))
		EXPECT_FALSE(data.ect);
}

TEST(replies, denial_means_the_scripts_own_for_everything) {
	test::two_nodes sim;
	sim.lose_to_server({0});
	sim.attach([](bpf_sock_ops& skops) {
		skops.reply = 1;
		return 1;
	});
	sim.attach("/all", [](bpf_sock_ops&) { return 0; });
	sim.serve();
	sim.connect();
	sim.run(20);
	const auto syns = sim.those(is_syn);
	ASSERT_EQ(syns.size(), 2u);
	EXPECT_EQ(syns[1].time_us - syns[0].time_us, 3'000'000);
	EXPECT_EQ(syns[0].window, 65535);
	EXPECT_EQ(syns[0].flags, TcpHeader::SYN);
}
