// SPDX-License-Identifier: MIT
// The trace sources Callback and CallbackOp: by their Config paths, of a node and of a socket, and with the
// helpers of ns-3's stats module.

#include "folder.hpp"
#include "support.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include <ns3/config.h>
#include <ns3/file-helper.h>
#include <ns3/gnuplot-helper.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;

namespace {

const std::string of_nodes = "/NodeList/*/$ns3::SockOpsTcpL4Protocol/";
const std::string of_sockets = "/NodeList/*/$ns3::TcpL4Protocol/SocketList/*/$ns3::SockOpsTcpSocket/";

/// Ops on the client and on the server, as a program sees them.
using ops = std::vector<u32>;
struct both_ends {
	ops client, server;
};

/// A transfer in which a SYN and a segment are lost; keeps the ops that a program with all flags sees.
void transfer(test::two_nodes& sim, both_ends& seen) {
	sim.attach([&](bpf_sock_ops& skops) {
		(ns3::SockOpsTcpSocket::Of(skops)->GetNode() == sim.nodes.Get(0) ? seen.client : seen.server)
			.push_back(skops.op);
		bpf_sock_ops_cb_flags_set(skops, 0xf);
		return 1;
	});
	test::transfer_with_losses(sim);
}

/// What a script connects, and keeps of it.
struct sink {
	std::vector<std::pair<std::string, u32>> calls; ///< context and op
	std::vector<ns3::Ptr<const ns3::Socket>> sockets;

	void called(std::string context, ns3::Ptr<const ns3::SockOpsTcpSocket> socket, const trace_call& call) {
		calls.emplace_back(context, call.op);
		sockets.push_back(socket);
	}
	ops of(const std::string& context) const {
		ops found;
		for (const auto& [where, op] : calls)
			if (where == context)
				found.push_back(op);
		return found;
	}
};

/// The second column of a file of numbers without those that are 0, from which the first is `*times`.
ops ops_in(const std::vector<std::string>& lines, std::vector<double>* times = nullptr) {
	ops found;
	for (const std::string& line : lines) {
		std::istringstream words(line);
		double time = 0;
		u32 op = 0;
		if (words >> time >> op && op != 0) {
			found.push_back(op);
			if (times)
				times->push_back(time);
		}
	}
	return found;
}

} // namespace

TEST(trace_sources, of_a_node_are_there_before_its_sockets_and_tell_of_all) {
	test::two_nodes sim;
	both_ends seen;
	sink to;
	ns3::Config::Connect(of_nodes + "Callback", ns3::MakeCallback(&sink::called, &to));
	transfer(sim, seen);
	sim.run();
	EXPECT_EQ(to.of("/NodeList/0/$ns3::SockOpsTcpL4Protocol/Callback"), seen.client);
	EXPECT_EQ(to.of("/NodeList/1/$ns3::SockOpsTcpL4Protocol/Callback"), seen.server);
	EXPECT_GT(seen.client.size(), 12u);
	EXPECT_NE(std::find(to.sockets.begin(), to.sockets.end(), sim.accepted_socket), to.sockets.end());
}

TEST(trace_sources, of_a_socket_are_its_childrens_too) {
	test::two_nodes sim;
	both_ends seen;
	sink to;
	transfer(sim, seen);
	ns3::Config::Connect(of_sockets + "Callback",
						 ns3::MakeCallback(&sink::called, &to)); // they are there now
	sim.run();
	const std::string after = "/$ns3::TcpL4Protocol/SocketList/0/$ns3::SockOpsTcpSocket/Callback";
	EXPECT_EQ(to.of("/NodeList/0" + after), seen.client);
	EXPECT_EQ(to.of("/NodeList/1" + after), seen.server) << "the listener's, with the calls of its child";
}

TEST(trace_sources, tell_each_op_and_then_0) {
	test::two_nodes sim;
	both_ends seen;
	std::vector<std::pair<u32, u32>> told;
	transfer(sim, seen);
	ns3::Config::ConnectWithoutContext(
		"/NodeList/0/$ns3::SockOpsTcpL4Protocol/CallbackOp",
		ns3::Callback<void, u32, u32>([&](u32 before, u32 now) { told.emplace_back(before, now); }));
	sim.run();
	ASSERT_EQ(told.size(), 2 * seen.client.size());
	for (std::size_t i = 0; i != seen.client.size(); ++i) {
		EXPECT_EQ(told[2 * i], std::pair(0u, seen.client[i]));
		EXPECT_EQ(told[2 * i + 1], std::pair(seen.client[i], 0u));
	}
}

TEST(trace_sources, file_helper_writes_each_op_with_one_call) {
	const test::folder files;
	both_ends seen;
	{
		test::two_nodes sim;
		ns3::FileHelper helper(files / "ops");
		helper.WriteProbe("ns3::Uinteger32Probe", of_nodes + "CallbackOp", "Output");
		transfer(sim, seen);
		sim.run();
	}
	ASSERT_NE(std::adjacent_find(seen.client.begin(), seen.client.end()), seen.client.end());
	std::vector<double> times;
	EXPECT_EQ(ops_in(files.lines("ops-0.txt"), &times), seen.client) << "also where one comes after itself";
	EXPECT_EQ(ops_in(files.lines("ops-1.txt")), seen.server);
	EXPECT_EQ(times.at(0), 1) << "connect";
}

TEST(trace_sources, file_helper_takes_those_of_sockets_once_they_are_there) {
	const test::folder files;
	both_ends seen;
	{
		test::two_nodes sim;
		ns3::FileHelper helper(files / "ops");
		transfer(sim, seen);
		helper.WriteProbe("ns3::Uinteger32Probe", of_sockets + "CallbackOp", "Output");
		sim.run();
	}
	EXPECT_EQ(ops_in(files.lines("ops-0-0.txt")), seen.client);
	EXPECT_EQ(ops_in(files.lines("ops-1-0.txt")), seen.server);
}

TEST(trace_sources, gnuplot_helper_plots_each_op_with_one_call) {
	const test::folder files;
	both_ends seen;
	{
		test::two_nodes sim;
		ns3::GnuplotHelper helper;
		helper.ConfigurePlot(files / "ops", "Callbacks", "Time (s)", "Op");
		helper.PlotProbe("ns3::Uinteger32Probe", "/NodeList/0/$ns3::SockOpsTcpL4Protocol/CallbackOp",
						 "Output", "client", ns3::GnuplotAggregator::KEY_BELOW);
		transfer(sim, seen);
		sim.run();
	}
	EXPECT_EQ(ops_in(files.lines("ops.dat")), seen.client);
	EXPECT_NE(files.text("ops.plt").find("title \"client\""), std::string::npos);
}
