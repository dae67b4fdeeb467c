// SPDX-License-Identifier: MIT
// Whose sockets a program sees: cgroups by node, by application, at a time, and what is refused in words
// because it would silently be otherwise.

#include "support.hpp"

#include <gtest/gtest.h>

#include <ns3/bulk-send-helper.h>
#include <ns3/config.h>
#include <ns3/packet-sink-helper.h>
#include <ns3/tcp-socket-factory.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;

namespace {

/// Ports of the peers to which the sockets of a cgroup connect.
struct connects {
	std::vector<u32> ports;

	auto program() {
		return [this](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
				ports.push_back(be32_to_cpu(skops.remote_port));
			return 1;
		};
	}
};

/// A bulk sender on the client that connects to `to` at a time.
ns3::ApplicationContainer sender(test::two_nodes& sim, uint16_t to, double when) {
	ns3::BulkSendHelper bulk("ns3::TcpSocketFactory", ns3::InetSocketAddress("10.0.0.2", to));
	bulk.SetAttribute("MaxBytes", ns3::UintegerValue(10'000));
	auto made = bulk.Install(sim.nodes.Get(0));
	made.Start(ns3::Seconds(when));
	return made;
}

/// As a script that asks for its applications: they come before what they are aggregated to.
void ask_for(const ns3::ApplicationContainer& application, int times) {
	for (int i = 0; i != times; ++i)
		(void)application.Get(0)->GetObject<ns3::Application>();
}

ns3::Ptr<ns3::SockOpsTcpL4Protocol> tcp_of(test::two_nodes& sim, uint32_t node) {
	return sim.nodes.Get(node)->GetObject<ns3::SockOpsTcpL4Protocol>();
}

} // namespace

TEST(membership, an_application_has_a_cgroup_of_its_own) {
	connects mine, theirs;
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/node");
	const auto before = sender(sim, 81, 1), joined = sender(sim, 82, 1), after = sender(sim, 83, 1);
	sim.hook.Join(joined, "/app");
	sim.attach("/app", mine.program());
	sim.attach("/node", theirs.program());
	sim.run(1.01);
	EXPECT_EQ(mine.ports, std::vector<u32>{82});
	EXPECT_EQ(theirs.ports, (std::vector<u32>{81, 83})) << "those that start at the very same time";
}

TEST(membership, of_a_node_that_joined_nothing_only_the_application_is_hooked) {
	connects seen;
	test::two_nodes sim;
	const auto plain = sender(sim, 81, 1), joined = sender(sim, 82, 1);
	sim.hook.Join(joined, "/app");
	sim.attach("/app", seen.program());
	sim.run(1.01);
	EXPECT_EQ(seen.ports, std::vector<u32>{82});
}

TEST(membership, applications_that_start_together_and_were_asked_for_too) {
	connects mine, theirs;
	test::two_nodes sim;
	const auto one = sender(sim, 81, 1), two = sender(sim, 82, 1), three = sender(sim, 83, 1);
	ask_for(three, 10);
	sim.hook.Join(one, "/mine");
	sim.hook.Join(two, "/theirs");
	sim.hook.Join(three, "/mine");
	for (const auto& each : {one, two, three})
		ask_for(each, 10);
	sim.attach("/mine", mine.program());
	sim.attach("/theirs", theirs.program());
	sim.run(1.01);
	EXPECT_EQ(mine.ports, (std::vector<u32>{81, 83}));
	EXPECT_EQ(theirs.ports, std::vector<u32>{82});
}

TEST(membership, an_application_that_was_asked_for_more_often_than_what_stands_before_it) {
	connects seen;
	test::two_nodes sim;
	const auto later = sender(sim, 82, 1), at_once = sender(sim, 84, 0);
	for (const auto& each : {later, at_once}) {
		sim.hook.Join(each, "/app");
		ask_for(each, 200);
	}
	sim.attach("/app", seen.program());
	sim.run(1.01);
	EXPECT_EQ(seen.ports, (std::vector<u32>{84, 82}));
}

TEST(membership, children_of_an_applications_listener_are_in_its_cgroup) {
	int established = 0;
	test::two_nodes sim;
	ns3::PacketSinkHelper sink("ns3::TcpSocketFactory",
							   ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), test::port));
	const auto server = sink.Install(sim.nodes.Get(1));
	sim.hook.Join(server, "/web");
	sim.attach("/web", [&](bpf_sock_ops& skops) {
		established += skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
		return 1;
	});
	const auto one = sender(sim, test::port, 1), two = sender(sim, test::port, 2);
	sim.run(3);
	EXPECT_EQ(established, 2);
}

TEST(membership, begins_at_a_time_of_the_simulation) {
	connects early, late;
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/early");
	sim.hook.JoinAt(ns3::Seconds(2), sim.nodes, "/late");
	sim.attach("/early", early.program());
	sim.attach("/late", late.program());
	sender(sim, 81, 1);
	sender(sim, 83, 3);
	sim.run(4);
	EXPECT_EQ(early.ports, std::vector<u32>{81});
	EXPECT_EQ(late.ports, std::vector<u32>{83});
}

TEST(membership, of_what_is_created_meanwhile) {
	connects inside, outside;
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/outside");
	sim.attach("/inside", inside.program());
	sim.attach("/outside", outside.program());
	ns3::Ptr<ns3::Socket> first, second;
	const auto create = [&](ns3::Ptr<ns3::Socket>& made) {
		made = ns3::Socket::CreateSocket(sim.nodes.Get(0), ns3::TcpSocketFactory::GetTypeId());
	};
	sim.hook.In(sim.nodes.Get(0), "/inside", [&] { create(first); });
	create(second);
	sim.at(1, [&] {
		first->Connect(ns3::InetSocketAddress("10.0.0.2", 81));
		second->Connect(ns3::InetSocketAddress("10.0.0.2", 82));
	});
	sim.run(1.01);
	EXPECT_EQ(inside.ports, std::vector<u32>{81});
	EXPECT_EQ(outside.ports, std::vector<u32>{82});
}

TEST(membership, one_program_may_be_attached_node_by_node) {
	connects seen;
	test::two_nodes sim;
	const auto program = make_bpf_prog("watch", seen.program());
	for (const uint32_t node : {0u, 1u})
		sim.hook.Attach(sim.nodes.Get(node), "/all", program);
	sender(sim, 81, 1);
	sim.run(1.01);
	EXPECT_EQ(seen.ports, std::vector<u32>{81}) << "once, not twice";
}

TEST(membership, sockets_that_the_protocol_creates_are_hooked) {
	connects seen;
	test::two_nodes sim;
	sim.attach(seen.program());
	std::vector<ns3::Ptr<ns3::Socket>> made = {
		tcp_of(sim, 0)->CreateSocket(),
		tcp_of(sim, 0)->CreateSocket(ns3::TypeId::LookupByName("ns3::TcpVegas"))};
	sim.at(1, [&] {
		for (std::size_t i = 0; i != made.size(); ++i)
			made[i]->Connect(ns3::InetSocketAddress("10.0.0.2", static_cast<uint16_t>(81 + i)));
	});
	sim.run(1.01);
	EXPECT_EQ(seen.ports, (std::vector<u32>{81, 82}));
}

TEST(membership, a_node_that_joined_nothing_makes_sockets_as_large_as_plain_ones) {
	test::two_nodes sim;
	const auto socket = ns3::Socket::CreateSocket(sim.nodes.Get(0), ns3::TcpSocketFactory::GetTypeId());
	EXPECT_EQ(socket->GetInstanceTypeId(), ns3::TcpSocketBase::GetTypeId());
	EXPECT_EQ(sizeof(ns3::SockOpsGuardedSocket), sizeof(ns3::TcpSocketBase));
	EXPECT_FALSE(ns3::DynamicCast<ns3::SockOpsTcpSocket>(socket));
}

TEST(membership, a_program_finds_the_socket_and_its_node) {
	std::vector<std::pair<u32, uint32_t>> nodes; // op, node
	test::two_nodes sim;
	ns3::Ptr<const ns3::Socket> connecting;
	sim.attach([&](bpf_sock_ops& skops) {
		const auto socket = ns3::SockOpsTcpSocket::Of(skops);
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
			connecting = socket;
		return nodes.emplace_back(skops.op, socket->GetNode()->GetId()), 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(connecting, sim.client);
	const uint32_t client = sim.nodes.Get(0)->GetId(), server = sim.nodes.Get(1)->GetId();
	int of_request = 0;
	for (const auto& [op, node] : nodes) {
		const bool passive = op == BPF_SOCK_OPS_TCP_LISTEN_CB || op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
		if (passive || op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
			EXPECT_EQ(node, passive ? server : client) << op_name(op);
		} else {
			of_request += node == server;
		}
	}
	EXPECT_EQ(of_request, 3) << "RWND_INIT, TIMEOUT_INIT and NEEDS_ECN of the request";
}

TEST(membership, flags_that_can_never_fire_are_refused) {
	constexpr int none_of_ns3 = 0x70, all = 0x7f; // header options
	int ran = 0;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
			++ran;
			EXPECT_EQ(bpf_sock_ops_cb_flags_set(skops, all), none_of_ns3) << "as of flags that nobody knows";
			EXPECT_EQ(skops.bpf_sock_ops_cb_flags, 0xfu);
			EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &all, sizeof all), -EINVAL);
			EXPECT_EQ(skops.bpf_sock_ops_cb_flags, 0xfu);
		}
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(ran, 1);
}

TEST(membership_death, the_message_says_what_is_missing) {
	const auto join = [](ns3::NodeContainer nodes) { ns3::SockOpsHelper().Join(nodes, "/all"); };
	EXPECT_DEATH(join(ns3::NodeContainer(1)), "node 0 has no TCP yet: call this after hook.Install");
	EXPECT_DEATH(
		{
			test::two_nodes sim(true);
			join(sim.nodes);
		},
		"node 0 has another TCP: write hook.Install.stack, nodes. in place of stack.Install");
}

TEST(membership_death, two_helpers_on_one_node_are_refused) {
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			sim.hook.Join(sim.nodes, "/all");
			ns3::SockOpsHelper other;
			other.Join(sim.nodes, "/all");
		},
		"node 0 is in the cgroups of another SockOpsHelper: use that one");
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			const auto app = sender(sim, 81, 1);
			sim.hook.Join(app, "/app");
			ns3::SockOpsHelper other;
			other.Join(sim.nodes, "/all");
			sim.run(2);
		},
		"node 0 is in the cgroups of another SockOpsHelper: use that one");
}

TEST(membership_death, an_application_joins_once_and_before_it_runs) {
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			const auto app = sender(sim, 81, 1);
			sim.run(0.5);
			sim.hook.Join(app, "/app");
		},
		"is to join /app, and runs already: call this before Simulator::Run");
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			const auto app = sender(sim, 81, 1);
			sim.hook.Join(app, "/one");
			sim.hook.Join(app, "/two");
		},
		"has joined a cgroup already, and is to join /two");
}

TEST(membership_death, sockets_that_would_stay_unhooked_are_refused) {
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			sim.hook.Join(sim.nodes, "/all");
			ns3::Ptr<ns3::TcpL4Protocol>(tcp_of(sim, 0))->CreateSocket();
		},
		"CreateSocket.. on a node that joined a cgroup makes a socket that no program sees: use "
		"Socket::CreateSocket");
}

TEST(membership, the_rtt_estimator_is_the_scripts_also_where_it_is_set_late) {
	test::two_nodes sim;
	ns3::Ptr<ns3::TcpL4Protocol>(tcp_of(sim, 0))
		->CreateSocket(); // nothing is refused on a node that did not join
	sim.hook.Join(sim.nodes, "/all");
	ns3::Config::Set("/NodeList/*/$ns3::TcpL4Protocol/RttEstimatorType",
					 ns3::TypeIdValue(ns3::RttMeanDeviation::GetTypeId()));
	for (int times = 0; times != 2; ++times) {
		EXPECT_TRUE(ns3::Socket::CreateSocket(sim.nodes.Get(0), ns3::TcpSocketFactory::GetTypeId()));
	}
}
