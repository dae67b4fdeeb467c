// SPDX-License-Identifier: MIT
// Jiffies of any length: timers are never none, seconds stay seconds, and what is no HZ is told.

#include <cerrno>
#include <string>

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>
#include <sockops/testing/virtual_clock.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

struct jiffies_of : ::testing::TestWithParam<u32> {
	const u32 hz = GetParam();
	virtual_clock clock;
	net in{net_profile{.hz = hz}, clock.sources()};
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};

	/// Retransmits until the connection is given up; the seconds that it took.
	u64 seconds_until_given_up() {
		const auto begun = clock.now();
		sk.retrans_stamp = in.ktime_get_ns();
		u32 next = sk.icsk_rto;
		for (int timers = 0; timers != 1000; ++timers) {
			EXPECT_GE(next, 1u);
			clock.advance(std::chrono::nanoseconds(u64{next} * 1'000'000'000 / hz + 1));
			const tcp_rto_outcome outcome = tcp_retransmit_timer(sk, [] { return 0; });
			if (outcome.expired)
				return static_cast<u64>((clock.now() - begun) / std::chrono::seconds(1));
			next = outcome.next_rto;
		}
		ADD_FAILURE() << "never given up";
		return 0;
	}
};
INSTANTIATE_TEST_SUITE_P(hz, jiffies_of, ::testing::Values(1, 2, 4, 5, 24, 100, 250, 1000, 1024, 100'000),
						 [](const auto& of) { return std::to_string(of.param); });

TEST_P(jiffies_of, a_connection_that_nobody_answers_is_given_up) {
	tcp_set_state(sk, TCP_SYN_SENT);
	EXPECT_EQ(tcp_connect(sk).timeout, hz);
	// Five timeouts of a second (tcp_syn_linear_timeouts is 4), six that double (tcp_syn_retries).
	EXPECT_EQ(seconds_until_given_up(), 5u + 2 + 4 + 8 + 16 + 32 + 64);
}

TEST_P(jiffies_of, an_established_connection_is_given_up_when_15_timeouts_of_200_ms_would_be_over) {
	tcp_set_state(sk, TCP_SYN_SENT);
	tcp_set_state(sk, TCP_ESTABLISHED);
	const double least =
		sk.icsk_rto_min / static_cast<double>(hz); // 200 ms, or the jiffy that it is at least
	const double model = static_cast<double>(tcp_model_timeout(15, sk.icsk_rto_min, sk.icsk_rto_max)) / hz;
	const double took = static_cast<double>(seconds_until_given_up());
	EXPECT_GE(took + 1, model) << "from " << least << " s on";
	EXPECT_LE(took, model + 121);
}

TEST_P(jiffies_of, timers_of_parts_of_a_second_are_at_least_one_jiffy) {
	EXPECT_EQ(sk.icsk_rto_min, hz < 5 ? 1 : hz / 5);
	EXPECT_EQ(sk.icsk_delack_max, sk.icsk_rto_min);
	sk.icsk_rto_min = sk.icsk_delack_max = 0;
	tcp_disconnect(sk);
	EXPECT_EQ(sk.icsk_rto_min, hz < 5 ? 1 : hz / 5);
	EXPECT_GE(tcp_retransmit_timer(sk, [] { return 1; }).next_rto, 1u) << "where this host drops the segment";
}

TEST_P(jiffies_of, options_in_seconds_come_back_as_they_were_set) {
	const int most = 32767; // MAX_TCP_KEEPIDLE
	const bpf_link link(*root, make_bpf_prog("keeps alive", [most](bpf_sock_ops& skops) {
		int idle = 0, interval = 0;
		bpf_setsockopt(skops, sol::tcp, tcp_option::keepidle, &most, sizeof most);
		bpf_setsockopt(skops, sol::tcp, tcp_option::keepintvl, &most, sizeof most);
		bpf_getsockopt(skops, sol::tcp, tcp_option::keepidle, &idle, sizeof idle);
		bpf_getsockopt(skops, sol::tcp, tcp_option::keepintvl, &interval, sizeof interval);
		return idle == most && interval == most ? 1 : 0;
	}));
	EXPECT_EQ(tcp_call_bpf(&sk, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, 0, nullptr), 0);
}

TEST_P(jiffies_of, a_timeline_with_losses_goes_to_its_end) {
	const timeline losses = timeline::parse(R"(
	+0       server listen
	+0       link drop client syn 1
	+0       client connect
	+5s      server accept
	+0       link drop client data 1
	+0       client send 1000
	+60s     server send 3000
	+0       link drop client fin 1
	+0       client close
	+60s     server close
	+200s    wait
)");
	const played went = play(losses, root, {.hz = hz});
	ASSERT_EQ(went.intervals.size(), losses.events.size());
	const std::string trace = went.trace(losses);
	EXPECT_NE(trace.find("ACTIVE_ESTABLISHED"), std::string::npos) << trace;
	std::size_t calls = 0;
	for (const played_interval& each : went.intervals)
		calls += each.calls[0].size() + each.calls[1].size();
	EXPECT_LT(calls, 200u) << trace;
}

std::string told;
void keep(const check_report& report) noexcept { told = std::string(report.call) + ": " + report.message; }

struct impossible_hz : ::testing::Test {
	impossible_hz() {
		told.clear();
		set_illegal_use_handler(keep);
	}
	~impossible_hz() override { set_illegal_use_handler(nullptr); }
};

TEST_F(impossible_hz, is_told_where_the_profile_enters_a_net) {
	for (u32 hz : {0u, 100'001u}) {
		const net in(net_profile{.hz = hz, .rtt_cb_args = false});
		EXPECT_EQ(told,
				  "net: net_profile::hz is " + std::to_string(hz) +
					  ": a second has 1 to 100000 jiffies (Linux: 100, 250, 300 or 1000); 250 is taken");
		EXPECT_EQ(in.profile.hz, 250u);
		EXPECT_FALSE(in.profile.rtt_cb_args);
	}
}

TEST_F(impossible_hz, is_told_where_a_socket_is_made) {
	net in;
	in.profile.hz = 0;
	const cgroup_root root;
	const scoped_tcp_sock sk(in, *root);
	EXPECT_EQ(sk.error, -EINVAL);
	EXPECT_EQ(told,
			  "tcp_init_sock: net_profile::hz is 0: a second has 1 to 100000 jiffies (Linux: 100, 250, 300 "
			  "or 1000); nothing changes");
}

} // namespace
