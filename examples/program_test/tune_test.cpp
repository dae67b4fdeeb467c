// SPDX-License-Identifier: MIT
// The unit test of tune.bpf.c: neither a kernel nor root, no connection, no waiting.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>
#include <sockops/testing/object_test.hpp>

using namespace sockops::testing;
using namespace std::chrono_literals;

struct tune : ::testing::Test, object_test {
	tune() : object_test(TUNE_OBJECT) {}
};

TEST_F(tune, looks_after_a_connection_within_the_data_centre) {
	attach();
	tcp_sock& sk = socket({.state = TCP_SYN_SENT, .remote_ip = "10.1.2.3", .remote_port = 80});
	EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk), Replies(25));
	sk.skc_state = TCP_ESTABLISHED;
	const fired opened = fire(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, sk);
	EXPECT_THAT(opened, SetOption("TCP_BPF_RTO_MIN", 20'000));
	EXPECT_THAT(opened, LeftFlags(BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG));
	fire(BPF_SOCK_OPS_RETRANS_CB, sk, {.args = {0, 3, 0}});
	EXPECT_EQ(map("conns")[sock_gen_cookie(&sk)]["retransmits"], 3);
	clock.advance(20ms);
	fire(BPF_SOCK_OPS_STATE_CB, sk, {.args = {TCP_FIN_WAIT2, TCP_CLOSE}});
	EXPECT_EQ(map("conns").size(), 0u);
	const auto closed = records("closed", "struct closed");
	ASSERT_EQ(closed.size(), 1u);
	EXPECT_EQ(closed[0]["lived_ns"], 20'000'000);
	EXPECT_EQ(closed[0]["retransmits"], 3);
}

TEST_F(tune, leaves_the_rest_of_the_world_alone) {
	attach();
	tcp_sock& listener = socket({.state = TCP_LISTEN, .local_port = 80});
	request_sock& request = this->request(listener, {.local_port = 80, .remote_ip = "192.0.2.1"});
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, request), Replies(0));
	tcp_sock& sk = child(listener, request);
	EXPECT_THAT(fire(BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, sk), SetNoOption());
	EXPECT_THAT(fire(BPF_SOCK_OPS_RETRANS_CB, socket({.remote_ip = "10.0.0.9"}), {.args = {0, 1, 0}}),
				RanThrough());
}

TEST_F(tune, makes_up_for_a_lost_syn_in_100_ms) {
	global("net").set(0x7f);
	attach("/client");
	EXPECT_THAT(play(R"(
	+0      server listen
	+0      link drop client syn 1
	+0      client connect
		client: TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN TIMEOUT_INIT ACTIVE_ESTABLISHED
	+200ms  wait
)"),
				WentAsWritten());
}
