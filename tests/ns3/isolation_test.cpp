// SPDX-License-Identifier: MIT
// What the adapter leaves alone: nodes of other cgroups, scripts that attach nothing, memory.

#include "support.hpp"

#include <gtest/gtest.h>

#include <ns3/internet-stack-helper.h>
#include <ns3/ipv6-address-helper.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/tcp-socket-factory.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using test::packet;

namespace {

/// A transfer with losses in both directions.
void transfer(test::two_nodes& sim) {
	sim.lose_to_server({0, 7, 8, 30, 31, 32, 60});
	sim.lose_to_client({2, 9});
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) {
		test::send(socket, 100'000);
		socket->Close();
	});
	sim.run();
}

bool same(const packet& a, const packet& b) {
	return a.time_us == b.time_us && a.from_client == b.from_client && a.flags == b.flags &&
		   a.window == b.window && a.seq == b.seq && a.data == b.data && a.ect == b.ect;
}

std::vector<packet> packets_of_plain_ns3() {
	test::two_nodes sim(true);
	transfer(sim);
	return sim.packets;
}

template <class Prepare>
void expect_as_plain_ns3(Prepare prepare) {
	const std::vector<packet> plain = packets_of_plain_ns3();
	test::two_nodes sim;
	prepare(sim);
	transfer(sim);
	ASSERT_GT(plain.size(), 100u);
	ASSERT_EQ(plain.size(), sim.packets.size());
	for (std::size_t i = 0; i != plain.size(); ++i)
		ASSERT_TRUE(same(plain[i], sim.packets[i])) << "packet " << i << " at " << plain[i].time_us;
}

} // namespace

TEST(isolation, without_attach_each_packet_is_that_of_plain_ns3) {
	expect_as_plain_ns3([](test::two_nodes&) {});
}

TEST(isolation, nodes_that_joined_and_have_no_program_too) {
	expect_as_plain_ns3([](test::two_nodes& sim) { sim.hook.Join(sim.nodes, "/idle"); });
}

TEST(isolation, programs_that_only_watch_too) {
	expect_as_plain_ns3([](test::two_nodes& sim) {
		sim.attach([](bpf_sock_ops& skops) {
			bpf_sock_ops_cb_flags_set(skops, 0xf);
			return 1;
		});
	});
}

TEST(isolation, two_cgroups_do_not_see_each_others_programs) {
	int left = 0, right = 0, above = 0;
	test::two_nodes sim;
	sim.hook.Join(ns3::NodeContainer(sim.nodes.Get(0)), "/fleet/left");
	sim.hook.Join(ns3::NodeContainer(sim.nodes.Get(1)), "/fleet/right");
	sim.attach("/fleet/left", [&](bpf_sock_ops& skops) {
		EXPECT_NE(skops.local_port, u32{test::port});
		return ++left, 1;
	});
	sim.attach("/fleet/right", [&](bpf_sock_ops& skops) {
		EXPECT_EQ(skops.local_port, u32{test::port});
		return ++right, 1;
	});
	sim.attach("/fleet", [&](bpf_sock_ops&) { return ++above, 1; });
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(left, 5);
	EXPECT_EQ(right, 5);
	EXPECT_EQ(above, 10) << "an ancestor's runs for both";
}

TEST(isolation, sockets_keep_the_cgroup_they_were_created_in) {
	int first = 0, second = 0;
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/first");
	sim.attach("/first", [&](bpf_sock_ops&) { return ++first, 1; });
	sim.attach("/second", [&](bpf_sock_ops&) { return ++second, 1; });
	sim.serve();
	sim.connect();
	sim.hook.Join(sim.nodes, "/second"); // too late for both
	sim.run(5);
	EXPECT_GT(first, 0);
	EXPECT_EQ(second, 0);
}

TEST(isolation, clock_of_programs_is_the_simulators) {
	u64 at = 0, netns = 0;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
			at = bpf_ktime_get_ns(skops);
			netns = bpf_get_netns_cookie(skops);
		}
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(at, 1'000'000'000u);
	EXPECT_NE(netns, 0u);
}

TEST(isolation, sockets_are_freed_with_the_simulation) {
	// The space outlives the simulation here; each socket held a reference of its cgroup.
	ns3::SockOpsHelper hook;
	cgroup& all = hook.GetCgroup("/all");
	const u32 before = all.refcnt;
	for (int times = 0; times != 3; ++times) {
		test::two_nodes sim;
		hook.Join(sim.nodes, "/all");
		sim.lose_to_client({2});
		sim.serve(test::read_and_close);
		sim.connect([](auto socket) { test::send(socket, 50'000); });
		sim.run(times == 0 ? 1.015 : 2); // once in the middle of a handshake
		EXPECT_GT(all.refcnt, before);
	}
	EXPECT_EQ(all.refcnt, before);
}

TEST(ipv6, addresses_and_request) {
	struct seen {
		u32 op, family, full, remote_last, local_last, local_port, remote_port;
	};
	std::vector<seen> all;
	ns3::NodeContainer nodes;
	nodes.Create(2);
	ns3::InternetStackHelper stack;
	ns3::SockOpsHelper::Install(stack, nodes);
	const auto interfaces =
		ns3::Ipv6AddressHelper("2001:db8::", 64).Assign(ns3::PointToPointHelper().Install(nodes));
	const auto low_word = [&](uint32_t node) {
		uint8_t bytes[16];
		interfaces.GetAddress(node, 1).Serialize(bytes);
		return u32{bytes[12]} << 24 | u32{bytes[13]} << 16 | u32{bytes[14]} << 8 | bytes[15];
	};
	const u32 client_low = low_word(0), server_low = low_word(1);
	{
		ns3::SockOpsHelper hook;
		hook.Attach(nodes, "/v6", make_bpf_prog("watch", [&](bpf_sock_ops& skops) {
						all.push_back({skops.op, skops.family, skops.is_fullsock,
									   be32_to_cpu(skops.remote_ip6[3]), be32_to_cpu(skops.local_ip6[3]),
									   skops.local_port, be32_to_cpu(skops.remote_port)});
						return 1;
					}));
	} // the helper may go: sockets made later keep what they need
	const auto server = ns3::Socket::CreateSocket(nodes.Get(1), ns3::TcpSocketFactory::GetTypeId());
	server->Bind(ns3::Inet6SocketAddress(ns3::Ipv6Address::GetAny(), test::port));
	server->Listen();
	const auto client = ns3::Socket::CreateSocket(nodes.Get(0), ns3::TcpSocketFactory::GetTypeId());
	ns3::Simulator::Schedule(ns3::Seconds(3), [&] {
		client->Connect(ns3::Inet6SocketAddress(interfaces.GetAddress(1, 1), test::port));
	});
	ns3::Simulator::Stop(ns3::Seconds(10));
	ns3::Simulator::Run();
	ns3::Simulator::Destroy();

	ASSERT_EQ(all.size(), 10u);
	for (const seen& call : all) {
		if (call.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			continue;
		const bool at_server = call.local_port == test::port;
		EXPECT_EQ(call.family, u32{af_inet6});
		EXPECT_EQ(call.local_last, at_server ? server_low : client_low) << op_name(call.op);
		EXPECT_EQ(call.remote_last, at_server ? client_low : server_low) << op_name(call.op);
		EXPECT_EQ(at_server ? call.local_port : call.remote_port, test::port);
	}
}

TEST(isolation_death, helper_names_what_is_missing) {
	EXPECT_DEATH(
		{
			test::two_nodes sim(true);
			sim.hook.Join(sim.nodes, "/all");
		},
		"node 0 has another TCP.*hook.Install");
	EXPECT_DEATH(ns3::SockOpsHelper().GetCgroup("no/slash"), "a path begins with '/'");
}
