// SPDX-License-Identifier: MIT
// What comes out of turn: calls inside of calls, sockets and nodes that go while they are in use, and what a
// script asks for too early or too late.

#include "support.hpp"

#include <memory>

#include <gtest/gtest.h>

#include <ns3/bulk-send-application.h>
#include <ns3/bulk-send-helper.h>
#include <ns3/tcp-socket-factory.h>

#include <sockops/cgroup/attach.hpp>
#include <sockops/sync/rcu.hpp>

using namespace sockops;

namespace {

ns3::Ptr<ns3::Socket> make_socket(test::two_nodes& sim) {
	return ns3::Socket::CreateSocket(sim.nodes.Get(0), ns3::TcpSocketFactory::GetTypeId());
}

ns3::ApplicationContainer sender(test::two_nodes& sim, double when) {
	ns3::BulkSendHelper bulk("ns3::TcpSocketFactory", ns3::InetSocketAddress("10.0.0.2", test::port));
	auto made = bulk.Install(sim.nodes.Get(0));
	made.Start(ns3::Seconds(when));
	return made;
}

} // namespace

TEST(out_of_turn, a_connection_made_inside_of_a_call_leaves_the_outer_one_its_timeout) {
	constexpr uint16_t inner = 81;
	test::two_nodes sim;
	ns3::Ptr<ns3::Socket> other;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT && be32_to_cpu(skops.remote_port) == inner)
			skops.reply = 50; // jiffies of 4 ms
		if (skops.op == BPF_SOCK_OPS_NEEDS_ECN && !other) {
			other = make_socket(sim);
			other->Connect(ns3::InetSocketAddress("10.0.0.2", inner));
		}
		return 1;
	});
	std::vector<int64_t> outer_at; // ms
	sim.hook.Attach("/all", make_bpf_prog("when", [&](bpf_sock_ops& skops) {
						if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT &&
							be32_to_cpu(skops.remote_port) == test::port)
							outer_at.push_back(ns3::Simulator::Now().GetMilliSeconds());
						return 1;
					}));
	sim.lose_to_server({0, 1, 2, 3, 4}); // both SYNs, and the inner one's next
	sim.connect();
	sim.run(5);
	EXPECT_EQ(outer_at, (std::vector<int64_t>{1000, 4000})) << "ConnTimeout, 3 s, as nobody replied to it";
}

TEST(out_of_turn, a_request_that_is_closed_in_its_own_call_is_not_answered) {
	for (const u32 op : {BPF_SOCK_OPS_RWND_INIT, BPF_SOCK_OPS_TIMEOUT_INIT}) {
		test::two_nodes sim;
		int closed = 0, established = 0;
		sim.attach([&](bpf_sock_ops& skops) {
			if (skops.op == op && !skops.is_fullsock && closed++ == 0)
				ns3::SockOpsTcpSocket::Of(skops)->Close();
			established += skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
			return 1;
		});
		sim.serve();
		sim.connect();
		sim.run(3.5);
		EXPECT_GE(closed, 1) << op_name(op);
		EXPECT_EQ(established, 0) << op_name(op);
		EXPECT_EQ(sim.those([](const test::packet& p) { return !p.from_client; }).size(), 0u) << op_name(op);
	}
}

TEST(out_of_turn, a_program_may_be_detached_by_who_is_told_of_its_call) {
	struct told final : net_observer {
		explicit told(cgroup& in) : from(in) {}
		void called(const trace_call& call) override {
			if (call.steps.empty() || ++calls != 3)
				return;
			EXPECT_EQ(cgroup_bpf_detach(from, call.steps[0].prog), 0);
			EXPECT_FALSE(*gone) << "others are told of it after this one";
		}
		cgroup& from;
		std::shared_ptr<bool> gone = std::make_shared<bool>(false);
		int calls = 0;
	};
	/// Says when it goes, and its program with it.
	struct farewell {
		explicit farewell(std::shared_ptr<bool> told) : gone(std::move(told)) {}
		std::shared_ptr<bool> gone;
		~farewell() { *gone = true; }
	};
	test::two_nodes sim;
	told observer(sim.hook.GetCgroup("/all"));
	const net_watch watching(sim.hook.GetNet(), observer);
	auto last = std::make_shared<farewell>(observer.gone);
	sim.attach([last](bpf_sock_ops&) { return 1; });
	last.reset();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(observer.calls, 3);
	rcu_barrier();
	EXPECT_TRUE(*observer.gone);
}

TEST(out_of_turn, a_node_may_go_before_its_application_starts) {
	test::two_nodes sim;
	int calls = 0;
	sim.hook.Join(sender(sim, 1), "/app");
	sim.attach("/app", [&](bpf_sock_ops&) { return ++calls, 1; });
	sim.at(0.5, [&] { sim.nodes.Get(0)->Dispose(); });
	sim.run(2);
	EXPECT_EQ(calls, 0);
}

TEST(out_of_turn, an_application_of_a_derived_type_joins_as_it_is) {
	test::two_nodes sim;
	int connects = 0;
	const auto app = ns3::DynamicCast<ns3::BulkSendApplication>(sender(sim, 1).Get(0));
	sim.hook.Join(app, "/app");
	sim.attach("/app", [&](bpf_sock_ops& skops) {
		connects += skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB;
		return 1;
	});
	sim.run(1.5);
	EXPECT_EQ(connects, 1);
}

TEST(out_of_turn_death, what_is_asked_too_early_or_too_late_is_refused) {
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			sim.hook.Join(ns3::CreateObject<ns3::BulkSendApplication>(), "/app");
		},
		"an application that is to join /app is on no node: call this after AddApplication");
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			sim.run(2);
			sim.hook.JoinAt(ns3::Seconds(0.5), sim.nodes, "/late");
		},
		"nodes are to join /late at .*0.5.*, and it is .*2.* already: name a time to come, or Join.. now");
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			const auto node = sim.nodes.Get(0);
			sim.hook.In(node, "/one", [&] { sim.hook.In(node, "/two", [] {}); });
		},
		"sockets of node [0-9]+ are to be in /two while those of /one are being made: In.. is not nested");
}
