// SPDX-License-Identifier: MIT
// What went wrong with programs: who is told, of what, when, and what is no trouble.

#include "support.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using test::open, test::summary;

namespace {

auto replying(u32 op, u32 reply, int returns = 1) {
	return [=](bpf_sock_ops& skops) {
		if (skops.op != op)
			return 1;
		if (reply != 0)
			skops.reply = reply;
		return returns;
	};
}

/// Switches the log on, and keeps what is written.
class logged {
  public:
	explicit logged(ns3::LogLevel level) : level_(level), to_(std::clog.rdbuf(text_.rdbuf())) {
		ns3::LogComponentEnable("SockOps", level);
	}
	~logged() {
		ns3::LogComponentDisable("SockOps", level_);
		std::clog.rdbuf(to_);
	}
	std::string text() const { return text_.str(); }

  private:
	ns3::LogLevel level_;
	std::ostringstream text_;
	std::streambuf* to_;
};

#define EXPECT_SAYS(text, words) EXPECT_NE((text).find(words), std::string::npos) << (text)

} // namespace

TEST(report, an_honest_run_is_silent) {
	::testing::internal::CaptureStderr();
	{
		test::two_nodes sim;
		sim.attach([](bpf_sock_ops& skops) {
			bpf_sock_ops_cb_flags_set(skops, 0xf);
			const int packets = 4;
			(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &packets,
								 sizeof packets); // of a request: EINVAL
			return skops.op == BPF_SOCK_OPS_RWND_INIT ? 0 : 1;
		});
		sim.attach(replying(BPF_SOCK_OPS_TIMEOUT_INIT, 50));
		open(sim);
		EXPECT_FALSE(sim.hook.HasFailed());
		EXPECT_EQ(sim.hook.GetExitStatus(), 0);
		EXPECT_SAYS(summary(sim), "SockOps: nothing went wrong in ");
		EXPECT_SAYS(summary(sim), " calls of programs, 2 of them denied\n");
	}
	EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(report, a_discarded_reply_is_told_with_names_time_and_place) {
	::testing::internal::CaptureStderr();
	std::string printed;
	{
		test::two_nodes sim;
		sim.hook.Join(sim.nodes, "/all");
		sim.hook.Attach("/all", make_bpf_prog("fast_syn", replying(BPF_SOCK_OPS_TIMEOUT_INIT, 50)));
		sim.hook.Attach("/all", make_bpf_prog("gate", replying(BPF_SOCK_OPS_TIMEOUT_INIT, 0, 0)));
		open(sim);
		EXPECT_TRUE(sim.hook.HasFailed());
		EXPECT_EQ(sim.hook.GetExitStatus(), 1);
		ASSERT_EQ(sim.hook.GetReport().GetTroubles().size(), 1u);
		EXPECT_EQ(sim.hook.GetReport().GetTroubles()[0].times, 2u) << "of both ends, one kind";
	}
	printed = ::testing::internal::GetCapturedStderr();
	EXPECT_EQ(
		printed.substr(printed.find("  discarded")),
		"  discarded reply, 2 times, first at 1.000000 s, node 0, 10.0.0.1:49153 > 10.0.0.2:80, "
		"TIMEOUT_INIT: gate returned 0: the reply 50 of fast_syn is discarded, 1 s is used (in ns-3: the "
		"socket's ConnTimeout)\n");
	EXPECT_SAYS(printed, "SockOps: 1 kind of trouble in ");
}

TEST(report, a_reply_that_a_later_program_wrote_over_too) {
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/fleet/web");
	sim.hook.Attach("/fleet/web", make_bpf_prog("web", replying(BPF_SOCK_OPS_RWND_INIT, 4)));
	sim.hook.Attach("/fleet", make_bpf_prog("fleet", replying(BPF_SOCK_OPS_RWND_INIT, 10)));
	open(sim);
	EXPECT_SAYS(summary(sim), "replaced reply, 2 times, first at 1.000000 s, node 0, 10.0.0.1:49153 > "
							  "10.0.0.2:80, RWND_INIT: fleet replaced the reply 4 of web by 10\n");
}

TEST(report, a_program_that_throws_its_own_reply_away) {
	test::two_nodes sim;
	sim.attach(replying(BPF_SOCK_OPS_NEEDS_ECN, 1, 0));
	open(sim);
	EXPECT_SAYS(summary(sim), "test returned 0: its own reply 1 is discarded, ECN is not wanted");
}

TEST(report, an_option_that_another_program_had_set) {
	const auto setting = [](int packets) {
		return [packets](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
				EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_SNDCWND_CLAMP, &packets, sizeof packets),
						  0);
			}
			return 1;
		};
	};
	test::two_nodes sim;
	sim.hook.Join(sim.nodes, "/all");
	sim.hook.Attach("/all", make_bpf_prog("first", setting(40)));
	sim.hook.Attach("/all", make_bpf_prog("second", setting(10)));
	open(sim);
	EXPECT_SAYS(summary(sim), "replaced option, 1 time, first at ");
	EXPECT_SAYS(summary(sim), "second set TCP_BPF_SNDCWND_CLAMP=10 over the 40 of first");
}

TEST(report, a_socket_in_the_place_of_one_that_is_gone_is_another) {
	int sets = 0;
	test::two_nodes sim;
	const auto setting = [&sets](u32 port, int packets) {
		return [&sets, port, packets](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB && be32_to_cpu(skops.remote_port) % 2 == port) {
				++sets;
				EXPECT_EQ(bpf_setsockopt(skops, sol::tcp, TCP_BPF_SNDCWND_CLAMP, &packets, sizeof packets),
						  0);
			}
			return 1;
		};
	};
	sim.attach(setting(0, 40));
	sim.attach(setting(1, 10));
	for (uint16_t i = 0; i != 20; ++i)
		sim.at(1 + i, [&, i] {
			sim.client = ns3::Socket::CreateSocket(sim.nodes.Get(0),
												   ns3::TypeId::LookupByName("ns3::TcpSocketFactory"));
			sim.client->Connect(ns3::InetSocketAddress("10.0.0.2", static_cast<uint16_t>(100 + i)));
			sim.client->Close();
		});
	sim.run(2000);
	EXPECT_EQ(sets, 20);
	EXPECT_FALSE(sim.hook.HasFailed()) << summary(sim);
}

TEST(report, an_option_that_linux_takes_and_ns3_has_not) {
	test::two_nodes sim;
	sim.attach([](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
			const int probes = 3, all = 0x7f, unknown = 0x80;
			(void)bpf_setsockopt(skops, sol::tcp, tcp_option::keepcnt, &probes, sizeof probes);
			(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &all, sizeof all);
			(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, &unknown, sizeof unknown);
			(void)bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, "no_such", 7);
			(void)bpf_setsockopt(skops, sol::tcp, 12345, &probes, sizeof probes);
		}
		return 1;
	});
	open(sim);
	const std::string said = summary(sim);
	EXPECT_SAYS(said, "SockOps: 3 kinds of trouble in ");
	EXPECT_SAYS(said,
				"10.0.0.2:80, TCP_CONNECT: test: TCP_KEEPCNT=3: ENOPROTOOPT; ns-3 has nothing to set it in");
	EXPECT_SAYS(said, "test: TCP_BPF_SOCK_OPS_CB_FLAGS=127: EINVAL; ns-3 has no place for header options");
	EXPECT_SAYS(
		said,
		"test: TCP_CONGESTION=\"no_such\": ENOENT; ns-3 and the script have no such congestion control");
}

TEST(report, what_was_printed_is_not_printed_again) {
	::testing::internal::CaptureStderr();
	{
		test::two_nodes sim;
		sim.attach(replying(BPF_SOCK_OPS_NEEDS_ECN, 1, 0));
		open(sim);
		(void)summary(sim);
	}
	EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(report, the_log_has_each_call_and_each_trouble_when_it_happens) {
	const logged log(ns3::LOG_LEVEL_INFO);
	{
		test::two_nodes sim;
		sim.hook.Join(sim.nodes, "/all");
		sim.hook.Attach("/all", make_bpf_prog("fast_syn", replying(BPF_SOCK_OPS_TIMEOUT_INIT, 50)));
		sim.hook.Attach("/all", make_bpf_prog("gate", replying(BPF_SOCK_OPS_NEEDS_ECN, 1, 0)));
		open(sim);
		(void)summary(sim);
	}
	EXPECT_SAYS(log.text(),
				"SockOps: 1.000000 s, node 0, 10.0.0.1:49153 > 10.0.0.2:80, TIMEOUT_INIT: 50 by fast_syn\n");
	EXPECT_SAYS(log.text(), "NEEDS_ECN: denied by gate\nSockOps: discarded reply: 1.000000 s, node 0, ");
	EXPECT_SAYS(log.text(), "SockOps: 0.000000 s, node 1, 0.0.0.0:80, TCP_LISTEN: 2 programs ran\n");
}

TEST(report, the_log_in_full_has_what_each_program_did) {
	const logged log(ns3::LOG_LOGIC);
	test::two_nodes sim;
	sim.attach(replying(BPF_SOCK_OPS_TIMEOUT_INIT, 50));
	open(sim);
	EXPECT_SAYS(log.text(), "  test  reply ");
}
