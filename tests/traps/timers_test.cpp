// SPDX-License-Identifier: MIT
// The retransmission timer's ops, and the less usual ways of opening and closing a connection.

#include <cstdlib>

#include <sockops/testing/virtual_clock.hpp>

#include "support.hpp"

namespace {

using namespace trap_test;

/// A socket on a clock that the test moves; all ops are logged, TIMEOUT_INIT answered.
struct timed_socket {
	sockops::testing::virtual_clock clock;
	net in{{}, clock.sources()};
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};
	std::string log;

	explicit timed_socket(u32 timeout_init) {
		attach(*root, logs_calls(log, BPF_SOCK_OPS_ALL_CB_FLAGS & ~BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG,
								 BPF_SOCK_OPS_TCP_CONNECT_CB));
		attach(*root, make_bpf_prog("timeout", [timeout_init](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
				skops.reply = timeout_init;
			return 1;
		}));
	}
	/// The timer fires once its time has come, and sends.
	tcp_rto_outcome timer_fires(u32 after_jiffies) {
		clock.advance(std::chrono::milliseconds(jiffies_to_msecs(in, after_jiffies)));
		log.clear();
		return tcp_retransmit_timer(sk, [&] { return tcp_retransmit_skb(sk, 7, 1, 0, [] { return 0; }); });
	}
};

TEST(retransmission_timer, a_syn_into_a_black_hole_is_given_up_as_6_18_does) {
	timed_socket on(5);
	on.sk.icsk_syn_retries = 2;
	tcp_set_state(on.sk, TCP_SYN_SENT);
	tcp_rto_outcome next{false, tcp_connect(on.sk).timeout};
	EXPECT_EQ(on.log, "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN");
	EXPECT_EQ(next.next_rto, 5u);
	next = on.timer_fires(next.next_rto);
	EXPECT_EQ(on.log, "RTO(0,5,0) RETRANS TIMEOUT_INIT");
	for (u32 n = 1; n != 5; ++n) {
		next = on.timer_fires(next.next_rto);
		EXPECT_EQ(on.log, "TIMEOUT_INIT RTO(" + std::to_string(n) + ",5,0) RETRANS TIMEOUT_INIT");
	}
	next = on.timer_fires(next.next_rto);
	EXPECT_EQ(on.log, "TIMEOUT_INIT RTO(5,10,1) STATE(2>7)");
	EXPECT_TRUE(next.expired);
	EXPECT_EQ(on.sk.skc_state, TCP_CLOSE);
}

TEST(retransmission_timer, by_number_the_syn_states_end_without_asking_for_the_timeout) {
	timed_socket on(0);
	on.sk.icsk_syn_retries = 1;
	tcp_set_state(on.sk, TCP_SYN_SENT);
	(void)tcp_connect(on.sk);
	on.sk.icsk_retransmits = 5; // 1 + 4 linear ones
	EXPECT_TRUE(on.timer_fires(1).expired);
	EXPECT_EQ(on.log, "RTO(5,250,1) STATE(2>7)");
}

TEST(retransmission_timer, an_established_connection_doubles_at_once_and_asks_nothing) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG;
	on.sk.icsk_rto = 51;
	on.sk.retrans_stamp = on.in.ktime_get_ns();
	EXPECT_EQ(on.timer_fires(51).next_rto, 102u);
	EXPECT_EQ(on.log, "RTO(0,51,0) RETRANS");
	EXPECT_EQ(on.timer_fires(102).next_rto, 204u);
	EXPECT_EQ(on.log, "RTO(1,102,0) RETRANS");
	on.sk.icsk_rto = 29'000;
	EXPECT_EQ(on.timer_fires(1).next_rto, 30'000u) << "at most 120 s";
}

TEST(retransmission_timer, a_user_timeout_is_asked_instead_of_the_number) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.icsk_rto = 50;
	on.sk.retrans_stamp = on.in.ktime_get_ns();
	on.sk.icsk_user_timeout = 1000;
	EXPECT_FALSE(on.timer_fires(249).expired) << "not before the first retransmission";
	EXPECT_TRUE(on.timer_fires(1).expired);
}

TEST(retransmission_timer, a_segment_that_this_host_dropped_is_tried_again_in_half_a_second_without_backoff) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	for (const u32 rto : {600u, 50u}) {
		on.sk.icsk_rto = rto;
		const tcp_rto_outcome next = tcp_retransmit_timer(on.sk, [] { return 1; });
		EXPECT_EQ(next.next_rto, 125u);
		EXPECT_EQ(on.sk.icsk_rto, rto);
	}
}

TEST(retransmission_timer, a_net_without_a_clock_is_told_once) {
	GTEST_FLAG_SET(death_test_style, "threadsafe"); // a process of its own, in which nobody has been told
	EXPECT_EXIT(
		{
			net in;
			const cgroup_root root;
			scoped_tcp_sock sk(in, *root);
			sk.skc_state = TCP_ESTABLISHED;
			for (int timeout = 0; timeout != 40; ++timeout)
				if (tcp_retransmit_timer(sk, [] { return 0; }).expired)
					std::exit(1);
			std::exit(0);
		},
		::testing::ExitedWithCode(0), "^[^\n]*the net has no clock[^\n]*net_sources::ktime_get_ns[^\n]*\n$");
}

TEST(retransmission_timer, the_model_of_all_timeouts_doubles_to_120_s) {
	const net in;
	const u64 most = 30'000;
	EXPECT_EQ(tcp_model_timeout(2, 5, most), 35u);
	EXPECT_EQ(tcp_model_timeout(0, 250, most), 250u);
	EXPECT_EQ(tcp_model_timeout(15, 50, most), (u64{2} << 9) * 50 - 50 + 6 * 30'000)
		<< "924.6 s, the known number";
	EXPECT_EQ(jiffies_to_msecs(in, tcp_model_timeout(15, 50, most)), 924'600u);
	EXPECT_EQ(tcp_model_timeout(3, 40'000, most), 40'000u + 3 * 30'000u) << "a base beyond the most there is";
}

TEST(ways_of_opening, simultaneous_open_ends_as_a_passive_one_on_the_connecting_socket) {
	timed_socket on(0);
	tcp_set_state(on.sk, TCP_SYN_SENT);
	(void)tcp_connect(on.sk);
	on.log.clear();
	EXPECT_FALSE(tcp_simultaneous_open(on.sk, false, false));
	tcp_child_established(on.sk);
	EXPECT_EQ(on.log, "STATE(2>3) PASSIVE_ESTABLISHED STATE(3>1)");
	on.sk.skc_state = TCP_SYN_SENT;
	on.log.clear();
	EXPECT_FALSE(tcp_simultaneous_open(on.sk, true, false));
	EXPECT_EQ(on.log, "STATE(2>3) NEEDS_ECN");
	on.sk.skc_state = TCP_SYN_SENT;
	on.log.clear();
	EXPECT_TRUE(tcp_simultaneous_open(on.sk, true, true))
		<< "the congestion control needs it: nobody is asked";
	EXPECT_EQ(on.log, "STATE(2>3)");
}

TEST(ways_of_opening, fast_open_is_established_with_the_syn_and_only_once) {
	timed_socket on(40);
	on.sk.skc_state = TCP_SYN_RECV;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTT_CB_FLAG;
	u8 bytes[20] = {};
	bytes[12] = 0x50;
	sk_buff syn{.data = bytes, .len = 20, .tcp_flags = TCPHDR_SYN};
	tcp_fastopen_create_child(on.sk, syn);
	EXPECT_EQ(on.sk.icsk_rto, 40u);
	tcp_rtt_sample(on.sk, 100, 800);
	tcp_set_state(on.sk, TCP_ESTABLISHED);
	EXPECT_EQ(on.log, "TIMEOUT_INIT PASSIVE_ESTABLISHED RTT STATE(3>1)");
}

TEST(ways_of_opening, with_fast_open_the_timeout_is_the_childs_not_the_requests) {
	timed_socket on(40);
	on.sk.skc_state = TCP_LISTEN;
	request_sock req;
	inet_reqsk_init(req, &on.sk, *on.sk.skc_net);
	on.log.clear();
	EXPECT_EQ(tcp_conn_request(req, {}, true).timeout, on.sk.skc_net->profile.hz);
	EXPECT_EQ(on.log, "RWND_INIT*");
	on.log.clear();
	EXPECT_EQ(tcp_conn_request(req, {}).timeout, 40u);
	EXPECT_EQ(on.log, "RWND_INIT* TIMEOUT_INIT*");
}

TEST(ways_of_opening, a_socket_under_repair_is_not_asked_for_ecn) {
	timed_socket on(0);
	tcp_set_state(on.sk, TCP_SYN_SENT);
	EXPECT_FALSE(tcp_connect(on.sk, true).ecn);
	tcp_finish_connect(on.sk);
	EXPECT_EQ(on.log, "TCP_CONNECT RWND_INIT TIMEOUT_INIT STATE(2>1) ACTIVE_ESTABLISHED");
}

TEST(ways_of_closing, a_child_thrown_away_during_the_handshake_says_nothing) {
	timed_socket on(0);
	on.sk.skc_state = TCP_SYN_RECV;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG;
	inet_csk_prepare_forced_close(on.sk);
	tcp_set_state(on.sk, TCP_CLOSE);
	EXPECT_EQ(on.log, "");
}

TEST(retransmission_timer, a_user_timeout_ends_the_wait_in_time) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.icsk_rto = 200; // 800 ms
	on.sk.retrans_stamp = on.in.ktime_get_ns();
	on.sk.icsk_user_timeout = 1000;
	EXPECT_EQ(on.timer_fires(200).next_rto, 50u) << "not the 400 of the backoff: 200 ms are left";
	EXPECT_EQ(on.sk.icsk_rto, 400u);
	EXPECT_TRUE(on.timer_fires(50).expired);

	timed_socket late(0);
	late.sk.skc_state = TCP_ESTABLISHED;
	late.sk.icsk_rto = 300; // 1200 ms
	late.sk.retrans_stamp = late.in.ktime_get_ns();
	late.sk.icsk_user_timeout = 1000;
	EXPECT_EQ(late.timer_fires(300).next_rto, 1u) << "it is over: at once";
}

TEST(retransmission_timer, a_user_timeout_that_has_just_run_out_is_over) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.icsk_rto = 250; // 1000 ms
	on.sk.retrans_stamp = on.in.ktime_get_ns();
	on.sk.icsk_user_timeout = 1000;
	EXPECT_EQ(on.timer_fires(250).next_rto, 1u);
}

TEST(retransmission_timer, linear_timeouts_are_for_syn_sent_alone) {
	timed_socket on(0);
	on.sk.skc_state = TCP_SYN_RECV;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG;
	on.sk.icsk_syn_retries = on.sk.icsk_retransmits = 1;
	EXPECT_TRUE(on.timer_fires(1).expired);
	EXPECT_EQ(on.log, "RTO(1,250,1) STATE(3>7)");
}

TEST(retransmission_timer, a_transmission_that_failed_by_an_errno_backs_off_as_one_that_was_sent) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.icsk_rto = 50;
	EXPECT_EQ(tcp_retransmit_timer(on.sk, [] { return -ENOBUFS; }).next_rto, 100u);
	EXPECT_EQ(on.sk.icsk_backoff, 1);
}

TEST(retransmission_timer, rto_max_ms_bounds_the_backoff_and_the_model) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.icsk_rto = 200;
	on.sk.icsk_rto_max = 250; // TCP_RTO_MAX_MS 1000
	on.sk.retrans_stamp = on.in.ktime_get_ns();
	on.in.ipv4.sysctl_tcp_retries2 = 4;
	EXPECT_EQ(on.timer_fires(200).next_rto, 250u);
	// 200, 400, 800 ms, then a second each: 3.4 s, which are over with the fourth timeout.
	EXPECT_FALSE(on.timer_fires(250).expired);
	EXPECT_FALSE(on.timer_fires(250).expired);
	EXPECT_TRUE(on.timer_fires(250).expired);
}

TEST(ways_of_closing, disconnect_forgets_what_the_kernel_forgets_and_keeps_the_rest) {
	timed_socket on(0);
	on.sk.skc_state = TCP_ESTABLISHED;
	on.sk.user_mss = 1000;
	on.sk.window_clamp = 20'000;
	on.sk.saw_unknown = true;
	on.sk.icsk_rto = 50;
	on.sk.icsk_rto_min = on.sk.icsk_delack_max = 5;
	on.sk.icsk_rto_max = 1250;
	on.sk.icsk_syn_retries = 3;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	tcp_disconnect(on.sk);
	EXPECT_EQ(on.sk.user_mss, 0u);
	EXPECT_EQ(on.sk.window_clamp, 0u);
	EXPECT_FALSE(on.sk.saw_unknown);
	EXPECT_EQ(on.sk.icsk_rto, 250u);
	EXPECT_EQ(on.sk.icsk_rto_min, 50u);
	EXPECT_EQ(on.sk.icsk_delack_max, 50u);
	EXPECT_EQ(on.sk.icsk_rto_max, 1250u);
	EXPECT_EQ(on.sk.icsk_syn_retries, 3u);
	EXPECT_EQ(on.sk.bpf_sock_ops_cb_flags, BPF_SOCK_OPS_RTT_CB_FLAG);
}

} // namespace
