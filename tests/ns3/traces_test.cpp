// SPDX-License-Identifier: MIT
// EnableCsv() and EnableAscii(): what is in the files, when they are whole, and what is refused.

#include "csv_table.hpp"
#include "folder.hpp"
#include "support.hpp"

#include <filesystem>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include <ns3/point-to-point-helper.h>
#include <ns3/trace-helper.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using test::cell, test::parse, test::row_of, test::table;

namespace {

/// A transfer in which a SYN and a segment are lost, with a program that sets the flags of all callbacks.
void transfer(test::two_nodes& sim, int* calls = nullptr) {
	sim.attach([calls](bpf_sock_ops& skops) {
		bpf_sock_ops_cb_flags_set(skops, 0xf);
		if (calls)
			++*calls;
		return 1;
	});
	test::transfer_with_losses(sim);
}

} // namespace

TEST(traces, a_table_has_a_row_for_each_call_and_is_whole_when_the_simulator_is_destroyed) {
	const test::folder files;
	int calls = 0;
	test::two_nodes sim;
	sim.hook.EnableCsv(files / "run");
	transfer(sim, &calls);
	sim.run();
	ns3::Simulator::Destroy();
	const table rows = parse(files.text("run-callbacks.csv"));
	EXPECT_EQ(rows.size(), 1u + calls);
	EXPECT_GT(calls, 20);
	const std::size_t lost_syn = row_of(rows, "RTO_CB", "0");
	EXPECT_EQ(files.lines("run-callbacks.csv").at(lost_syn),
			  "4.000000000,0,/all,10.0.0.1,49153,10.0.0.2,80,SYN_SENT,RTO_CB,0,750,0,,,,test,"
			  "RTO_CB_FLAG|RETRANS_CB_FLAG|STATE_CB_FLAG|RTT_CB_FLAG,10,2147483647,,3000,1000,1,0,0");
}

TEST(traces, a_table_that_ends_by_stop_has_all_until_then) {
	const test::folder files;
	int calls = 0;
	{
		test::two_nodes sim;
		sim.hook.EnableCsv(files / "run");
		transfer(sim, &calls);
		sim.run(4.05);
		EXPECT_GT(calls, 10);
	}
	EXPECT_EQ(parse(files.text("run-callbacks.csv")).size(), 1u + calls);
}

TEST(traces, cells_are_what_the_program_saw) {
	const test::folder files;
	struct seen {
		u32 cwnd, ssthresh, srtt_us, packets_out, total_retrans;
	};
	std::vector<seen> rtts;
	{
		test::two_nodes sim;
		sim.hook.EnableCsv(files / "run");
		transfer(sim);
		sim.hook.Attach("/all", make_bpf_prog("reader", [&](bpf_sock_ops& skops) {
							if (skops.op == BPF_SOCK_OPS_RTT_CB &&
								be32_to_cpu(skops.remote_port) == test::port)
								rtts.push_back({skops.snd_cwnd, skops.snd_ssthresh, skops.srtt_us >> 3,
												skops.packets_out, skops.total_retrans});
							return 1;
						}));
		sim.run();
	}
	const table rows = parse(files.text("run-callbacks.csv"));
	ASSERT_GT(rtts.size(), 3u);
	for (std::size_t i = 0; i != rtts.size(); ++i) {
		const std::size_t row = row_of(rows, "RTT_CB", "0", static_cast<int>(i) + 1);
		EXPECT_EQ(cell(rows, row, "cwnd"), std::to_string(rtts[i].cwnd));
		EXPECT_EQ(cell(rows, row, "ssthresh"), std::to_string(rtts[i].ssthresh));
		EXPECT_EQ(cell(rows, row, "srtt_us"), rtts[i].srtt_us ? std::to_string(rtts[i].srtt_us) : "");
		EXPECT_EQ(cell(rows, row, "packets_out"), std::to_string(rtts[i].packets_out));
		EXPECT_EQ(cell(rows, row, "total_retrans"), std::to_string(rtts[i].total_retrans));
		EXPECT_EQ(cell(rows, row, "programs"), "test reader");
	}
}

TEST(traces, who_answered_or_denied_is_in_the_table_and_quoted_where_it_must_be) {
	const test::folder files;
	const char* const name = "one, \"two\"";
	{
		test::two_nodes sim;
		sim.hook.EnableCsv(files / "run");
		sim.hook.Join(sim.nodes, "/all");
		sim.hook.Attach("/all", make_bpf_prog(name, [](bpf_sock_ops& skops) {
							if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
								skops.reply = 50;
							return 1;
						}));
		sim.hook.Attach("/all", make_bpf_prog("gate", [](bpf_sock_ops& skops) {
							return skops.op == BPF_SOCK_OPS_RWND_INIT ? 0 : 1;
						}));
		sim.serve();
		sim.connect();
		sim.run(5);
	}
	const table rows = parse(files.text("run-callbacks.csv"));
	const std::size_t timeout = row_of(rows, "TIMEOUT_INIT", "0"), window = row_of(rows, "RWND_INIT", "0");
	EXPECT_EQ(cell(rows, timeout, "reply"), "50");
	EXPECT_EQ(cell(rows, timeout, "answered_by"), name);
	EXPECT_EQ(cell(rows, timeout, "programs"), std::string(name) + " gate");
	EXPECT_EQ(cell(rows, window, "reply"), "-1");
	EXPECT_EQ(cell(rows, window, "denied_by"), "gate");
	const std::size_t of_request = row_of(rows, "TIMEOUT_INIT", "1");
	EXPECT_EQ(cell(rows, of_request, "state"), "NEW_SYN_RECV");
	EXPECT_EQ(cell(rows, of_request, "remote_address"), "10.0.0.1");
	EXPECT_EQ(cell(rows, of_request, "cwnd"), "");
	EXPECT_EQ(cell(rows, row_of(rows, "ACTIVE_ESTABLISHED_CB", "0"), "reply"), "") << "nobody looks at it";
}

TEST(traces, options_have_a_table_of_their_own_with_those_that_failed) {
	const test::folder files;
	{
		test::two_nodes sim;
		sim.hook.EnableCsv(files / "run");
		sim.attach([](bpf_sock_ops& skops) {
			const int packets = 40, bad = -1;
			if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
				EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets, sizeof packets), 0);
				EXPECT_NE(bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &bad, sizeof bad), 0);
				EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, "cubic", 6), 0);
			}
			return 1;
		});
		sim.serve();
		sim.connect();
		sim.run(5);
	}
	table rows = parse(files.text("run-options.csv"));
	ASSERT_EQ(rows.size(), 4u);
	const auto ending = [&](std::size_t row) {
		return std::vector<std::string>(rows[row].begin() + 7, rows[row].end());
	};
	using words = std::vector<std::string>;
	EXPECT_EQ(ending(0), (words{"op", "program", "option", "value", "result"}));
	EXPECT_EQ(ending(1), (words{"ACTIVE_ESTABLISHED_CB", "test", "TCP_BPF_IW", "40", "0"}));
	EXPECT_EQ(ending(2), (words{"ACTIVE_ESTABLISHED_CB", "test", "TCP_BPF_IW", "-1", "-22"}));
	EXPECT_EQ(ending(3), (words{"ACTIVE_ESTABLISHED_CB", "test", "TCP_CONGESTION", "cubic", "0"}));
	EXPECT_EQ(cell(rows, 1, "time_s"), "1.020009280");
	const table calls = parse(files.text("run-callbacks.csv"));
	EXPECT_EQ(cell(calls, row_of(calls, "ACTIVE_ESTABLISHED_CB", "0"), "cwnd"), "40")
		<< "as the program left it";
}

TEST(traces, an_ascii_line_says_when_and_where_and_what_in_words) {
	const test::folder files;
	{
		test::two_nodes sim;
		sim.hook.EnableAscii(files / "run");
		sim.attach([](bpf_sock_ops& skops) {
			const int packets = 40;
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
				bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
			if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
				skops.reply = 50;
			if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
				EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets, sizeof packets), 0);
			}
			return 1;
		});
		sim.serve();
		sim.connect();
		sim.run(5);
	}
	const std::vector<std::string> lines = files.lines("run-callbacks.tr");
	const auto has = [&](const char* wanted) {
		EXPECT_NE(std::find(lines.begin(), lines.end(), wanted), lines.end())
			<< "no line " << wanted << " in\n"
			<< files.text("run-callbacks.tr");
	};
	has("c 1.000000000 /NodeList/0/$ns3::SockOpsTcpL4Protocol/Callback 10.0.0.1:49153 > 10.0.0.2:80 "
		"TIMEOUT_INIT on a socket of /all, SYN_SENT: 1 program ran. test reply 0 -> 50, returned 1. "
		"The result is 50: the reply of test; 50 jiffies of 1/250 s.");
	has("c 1.020009280 /NodeList/0/$ns3::SockOpsTcpL4Protocol/Callback 10.0.0.1:49153 > 10.0.0.2:80 "
		"STATE(2>1) on a socket of /all, SYN_SENT: 1 program ran. test returned 1. "
		"The result is 2: args[0], with which the reply shares its word; the caller ignores it.");
	has("o 1.030013600 /NodeList/1/$ns3::SockOpsTcpL4Protocol 10.0.0.2:80 > 10.0.0.1:49153 TCP_BPF_IW=40 "
		"by test in PASSIVE_ESTABLISHED_CB");
}

TEST(traces, ends_of_a_connection_in_ipv6) {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk(in, *root);
	sk.skc_family = af_inet6;
	sk.skc_num = 49153;
	sk.skc_dport = cpu_to_be16(80);
	ns3::SockOpsWords(ns3::Ipv6Address("2001:db8::1"), sk.skc_v6_rcv_saddr);
	ns3::SockOpsWords(ns3::Ipv6Address("2001:db8::2"), sk.skc_v6_daddr);
	const ns3::SockOpsWhose whose(sk);
	EXPECT_EQ((ns3::SockOpsCsvLine() << whose).End(), "0.000000000,,/,2001:db8::1,49153,2001:db8::2,80\n");
}

TEST(traces, ascii_lines_share_a_stream_with_a_devices) {
	const test::folder files;
	{
		test::two_nodes sim;
		const auto stream = ns3::AsciiTraceHelper().CreateFileStream(files / "all.tr");
		ns3::PointToPointHelper().EnableAsciiAll(stream);
		sim.hook.EnableAscii(stream);
		transfer(sim);
		sim.run();
	}
	std::set<char> letters;
	double before = 0;
	for (const std::string& line : files.lines("all.tr")) {
		letters.insert(line[0]);
		const double time = std::stod(line.substr(2));
		EXPECT_GE(time, before - 1e-5 * before) << "ns-3 writes six digits";
		before = time;
	}
	EXPECT_EQ(letters, (std::set<char>{'+', '-', 'c', 'd', 'r'}));
}

TEST(traces, being_traced_changes_no_packet) {
	const auto packets = [](const test::folder* files) {
		test::two_nodes sim;
		if (files) {
			sim.hook.EnableCsv(*files / "run");
			sim.hook.EnableAscii(*files / "run");
		}
		transfer(sim);
		sim.run();
		std::vector<std::tuple<int64_t, bool, u32, u32, u32, u32>> all;
		for (const test::packet& p : sim.packets)
			all.emplace_back(p.time_us, p.from_client, p.flags, p.window, p.seq, p.data);
		return all;
	};
	const test::folder files;
	const auto traced = packets(&files);
	EXPECT_GT(traced.size(), 60u);
	EXPECT_EQ(traced, packets(nullptr));
}

TEST(traces, files_end_with_the_helper_where_no_simulator_is_destroyed) {
	const test::folder files;
	ns3::SockOpsHelper().EnableCsv(files / "one");
	EXPECT_EQ(files.lines("one-callbacks.csv").size(), 1u);
	ns3::SockOpsHelper().EnableCsv(files / "one");
	ns3::Simulator::Destroy();
}

TEST(traces, an_error_leaves_what_was_written_until_then) {
	const test::folder files;
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			sim.hook.EnableCsv(files / "run");
			transfer(sim);
			sim.at(1.5, [] { NS_ABORT_MSG("enough"); });
			sim.run();
		},
		"enough");
	const table rows = parse(files.text("run-callbacks.csv"));
	EXPECT_NE(row_of(rows, "TCP_CONNECT_CB", "0"), 0u);
}

TEST(traces_death, a_file_that_cannot_be_written_is_named) {
	const test::folder files;
	EXPECT_DEATH(
		ns3::SockOpsHelper().EnableCsv(files / "nowhere/run"),
		"/nowhere/run-callbacks.csv cannot be written: No such file or directory; is its folder there");
	EXPECT_DEATH(ns3::SockOpsHelper().EnableAscii(files / "nowhere/run"),
				 "/nowhere/run-callbacks.tr cannot be written: No such file or directory");
	std::filesystem::create_symlink("/dev/full", files / "full-callbacks.csv");
	EXPECT_DEATH(
		{
			test::two_nodes sim;
			sim.hook.EnableCsv(files / "full");
			transfer(sim);
			sim.run();
		},
		"/full-callbacks.csv is not complete: No space left on device");
}

TEST(traces_death, two_traces_do_not_write_to_one_file) {
	const test::folder files;
	EXPECT_DEATH(
		{
			ns3::SockOpsHelper one;
			ns3::SockOpsHelper two;
			one.EnableCsv(files / "run");
			two.EnableCsv(files / "run");
		},
		"/run-callbacks.csv is being written by another trace: give this one another prefix");
}
