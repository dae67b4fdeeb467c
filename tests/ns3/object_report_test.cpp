// SPDX-License-Identifier: MIT
// What went wrong with programs of object files: where they were stopped, and whose they are.

#include "support.hpp"

#include <gtest/gtest.h>

using namespace sockops;
using test::open, test::summary;

TEST(report, a_program_that_is_stopped_is_told_with_its_line_and_the_run_has_failed) {
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/all");
	sim.hook.AttachObject("/all", RUN_STOPPED_OBJECT, {}, {.unchecked = true});
	sim.at(3, [&] {
		sim.client =
			ns3::Socket::CreateSocket(sim.nodes.Get(0), ns3::TypeId::LookupByName("ns3::TcpSocketFactory"));
		sim.client->Connect(ns3::InetSocketAddress("10.0.0.2", 81));
	});
	open(sim);
	EXPECT_EQ(sim.hook.GetExitStatus(), 1);
	const auto& troubles = sim.hook.GetReport().GetTroubles();
	ASSERT_EQ(troubles.size(), 1u) << summary(sim);
	EXPECT_EQ(troubles[0].what, "stopped program");
	EXPECT_EQ(troubles[0].times, 2u) << "one instruction, two connections";
	EXPECT_EQ(
		troubles[0].first.find("1.000000 s, node 0, 10.0.0.1:49153 > 10.0.0.2:80, TCP_CONNECT: stopped: "
							   "instruction "),
		0u)
		<< troubles[0].first;
	EXPECT_NE(troubles[0].first.find("(stopped.bpf.c:22, '++*times;')"), std::string::npos)
		<< troubles[0].first;
}

TEST(report, programs_of_one_name_are_told_apart_by_their_objects) {
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/fleet/web");
	const std::string file = OBJECT_PROGRAMS "/object_init_replies.bpf.o";
	sim.hook.AttachObject("/fleet/web", file, {{"syn_timeout", 25}});
	sim.hook.AttachObject("/fleet", file, {{"syn_timeout", 30}});
	open(sim);
	EXPECT_NE(summary(sim).find("TIMEOUT_INIT: object_init_replies#2:init_replies replaced the reply 25 of "
								"object_init_replies:init_replies by 30\n"),
			  std::string::npos)
		<< summary(sim);
}
