// SPDX-License-Identifier: MIT
// Traps of the fire order: a connection's life as a stack tells it, and the calls that programs
// then see, in the notation "NAME(arguments)", with * for a request.

#include "support.hpp"

namespace {

using namespace trap_test;

/// A client in /client, a listener in /server; one logging program in each.
struct connection : testing::Test {
	net in;
	cgroup_root root;
	cgroup* const client_side = cgroup_mkdir(*root, "client");
	cgroup* const server_side = cgroup_mkdir(*root, "server");
	scoped_tcp_sock client{in, *client_side};
	scoped_tcp_sock listener{in, *server_side};
	request_sock req;
	std::string log;

	connection() { inet_reqsk_init(req, &listener, in); }
	/// Both programs set these callback flags as early as they can.
	void log_with_flags(int flags) {
		attach(*client_side, logs_calls(log, flags, BPF_SOCK_OPS_TCP_CONNECT_CB));
		attach(*server_side, logs_calls(log, flags, BPF_SOCK_OPS_TCP_LISTEN_CB));
	}
	/// The calls since the last look.
	std::string calls() { return std::exchange(log, {}); }

	void send_syn() {
		tcp_set_state(client, TCP_SYN_SENT);
		(void)tcp_connect(client);
	}
	void receive_syn(tcp_syn_ecn ecn = {}, bool tos_is_ect = false) {
		inet_reqsk_init(req, &listener, in);
		(void)tcp_conn_request(req, ecn);
		(void)tcp_synack_ect(req, tos_is_ect);
	}
};

using trap_57 = connection;
TEST_F(trap_57, passive_established_sees_state_3_and_active_sees_state_1) {
	std::vector<std::pair<u32, u32>> seen;
	attach(*root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen.emplace_back(skops.op, skops.state);
		return 1;
	}));
	client.skc_state = TCP_SYN_SENT;
	tcp_finish_connect(client);
	scoped_tcp_sock child(listener, req);
	tcp_child_established(child);
	EXPECT_EQ(seen, (std::vector<std::pair<u32, u32>>{{BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, TCP_ESTABLISHED},
													  {BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, TCP_SYN_RECV}}));
	EXPECT_EQ(child.skc_state, TCP_ESTABLISHED);
}

using trap_58 = connection;
TEST_F(trap_58, state_cb_sees_the_old_state_and_fires_when_nothing_changes) {
	std::vector<u32> seen;
	attach(*root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen = {skops.state, skops.args[0], skops.args[1]};
		return 0; // and no answer stops the change
	}));
	client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG;
	client.skc_state = TCP_ESTABLISHED;
	tcp_set_state(client, TCP_FIN_WAIT1);
	EXPECT_EQ(seen, (std::vector<u32>{1, 1, 4}));
	EXPECT_EQ(client.skc_state, TCP_FIN_WAIT1);
	tcp_set_state(client, TCP_FIN_WAIT1);
	EXPECT_EQ(seen, (std::vector<u32>{4, 4, 4}));
	client.bpf_sock_ops_cb_flags = 0x7f & ~BPF_SOCK_OPS_STATE_CB_FLAG;
	seen.clear();
	tcp_set_state(client, TCP_FIN_WAIT2);
	EXPECT_TRUE(seen.empty());
	EXPECT_EQ(client.skc_state, TCP_FIN_WAIT2);
}

using trap_59 = connection;
TEST_F(trap_59, no_state_cb_for_time_wait_or_listen) {
	listener.bpf_sock_ops_cb_flags = client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG;
	attach(*root, logs_calls(log));
	EXPECT_EQ(inet_listen(listener), 0);
	EXPECT_EQ(calls(), "TCP_LISTEN");
	EXPECT_EQ(listener.skc_state, TCP_LISTEN);
	client.skc_state = TCP_ESTABLISHED;
	tcp_set_state(client, TCP_FIN_WAIT1);
	tcp_set_state(client, TCP_FIN_WAIT2);
	tcp_time_wait(client);
	EXPECT_EQ(calls(), "STATE(1>4) STATE(4>5) STATE(5>7)");
	EXPECT_EQ(client.skc_state, TCP_CLOSE);
	client.skc_state = TCP_CLOSING;
	tcp_time_wait(client);
	EXPECT_EQ(calls(), "STATE(11>7)");
}

using trap_60 = connection;
TEST_F(trap_60, the_first_rtt_cb_sees_srtt_0_and_the_new_one_as_an_argument) {
	std::vector<std::vector<u32>> seen;
	attach(*root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen.push_back({skops.srtt_us, skops.args[0], skops.args[1], skops.args[2]});
		return 1;
	}));
	client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	client.snd_una = client.snd_nxt = 100;
	tcp_rtt_sample(client, 5000, 40'000);
	EXPECT_EQ(client.srtt_us, 40'000u);
	tcp_rtt_sample(client, 6000, 41'000); // the same round trip
	client.snd_nxt = 300;
	client.snd_una = 200;
	tcp_rtt_sample(client, 7000, 42'000);
	client.snd_una = 300; // up to, not beyond, what was sent then
	tcp_rtt_sample(client, 8000, 43'000);
	client.snd_una = 301;
	tcp_rtt_sample(client, 9000, 44'000);
	EXPECT_EQ(seen, (std::vector<std::vector<u32>>{
						{0, 5000, 40'000, 0}, {41'000, 7000, 42'000, 0}, {43'000, 9000, 44'000, 0}}));
}
TEST_F(trap_60, round_trips_are_told_apart_across_the_wrap_of_sequence_numbers) {
	attach(*root, logs_calls(log));
	client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	client.srtt_us = 1;
	client.rtt_seq = 0xffff'fff0;
	client.snd_una = 5;
	tcp_rtt_sample(client, 1, 8);
	EXPECT_EQ(calls(), "RTT");
}
TEST_F(trap_60, srtt_is_stored_as_at_least_1_but_told_as_measured) {
	u32 told = 9;
	attach(*root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		told = skops.args[1];
		return 1;
	}));
	client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	tcp_rtt_sample(client, 0, 0);
	EXPECT_EQ(told, 0u);
	EXPECT_EQ(client.srtt_us, 1u);
}
TEST(rtt_cb, has_no_arguments_in_the_old_profile) {
	one_socket on(net_profile::linux_5_0());
	std::vector<u32> seen;
	on.sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen = {skops.args[0], skops.args[1]};
		return 1;
	}));
	tcp_rtt_sample(on.sk, 5000, 40'000);
	EXPECT_EQ(seen, (std::vector<u32>{0, 0}));
}

using trap_61 = connection;
TEST_F(trap_61, rto_cb_counts_from_0_and_tells_the_rto_that_ran_out) {
	client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTO_CB_FLAG;
	attach(*root, logs_calls(log));
	tcp_bpf_rto(client, client.icsk_retransmits, client.icsk_rto, false);
	++client.icsk_retransmits;
	tcp_bpf_rto(client, client.icsk_retransmits, 2 * client.icsk_rto, true);
	EXPECT_EQ(calls(), "RTO(0,250,0) RTO(1,500,1)");
}

using trap_62 = connection;
TEST_F(trap_62, retrans_cb_fires_on_a_transmit_error_but_not_on_an_early_refusal) {
	std::vector<std::vector<u32>> seen;
	attach(*root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		seen.push_back({skops.args[0], skops.args[1], skops.args[2], skops.total_retrans});
		return 1;
	}));
	client.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RETRANS_CB_FLAG;
	int sent = 0;
	const auto transmit = [&](int error) { return [&sent, error] { return ++sent, error; }; };
	EXPECT_EQ(tcp_retransmit_skb(client, 1000, 1, -EBUSY, transmit(0)), -EBUSY);
	EXPECT_EQ(sent, 0);
	EXPECT_EQ(client.total_retrans, 0u);
	EXPECT_TRUE(seen.empty());
	EXPECT_EQ(tcp_retransmit_skb(client, 1000, 2, 0, transmit(-ENOBUFS)), -ENOBUFS);
	EXPECT_EQ(tcp_retransmit_skb(client, 2460, 1, 0, transmit(0)), 0);
	EXPECT_EQ(sent, 2);
	EXPECT_EQ(seen,
			  (std::vector<std::vector<u32>>{{1000, 2, static_cast<u32>(-ENOBUFS), 2}, {2460, 1, 0, 3}}));
}

using trap_63 = connection;
TEST_F(trap_63, needs_ecn_may_run_twice_for_one_syn) {
	attach(*root, logs_calls(log));
	receive_syn({.syn_asks = true, .decided_yes = false}, false);
	EXPECT_EQ(calls(), "NEEDS_ECN* RWND_INIT* TIMEOUT_INIT* NEEDS_ECN*");
	receive_syn({.syn_asks = true, .decided_yes = true}, false);
	EXPECT_EQ(calls(), "RWND_INIT* TIMEOUT_INIT* NEEDS_ECN*");
	receive_syn({.syn_asks = true, .decided_yes = false}, true);
	EXPECT_EQ(calls(), "NEEDS_ECN* RWND_INIT* TIMEOUT_INIT*");
	receive_syn({.syn_asks = false, .decided_yes = false}, true);
	EXPECT_EQ(calls(), "RWND_INIT* TIMEOUT_INIT*");
}
TEST_F(trap_63, ecn_is_agreed_if_the_syn_asks_and_anybody_wants_it) {
	for (const bool program_says : {false, true})
		for (const bool asks : {false, true})
			for (const bool decided : {false, true}) {
				const auto prog = answers({program_says ? 1 : 0, 1});
				attach(*server_side, prog);
				inet_reqsk_init(req, &listener, in);
				EXPECT_EQ(tcp_conn_request(req, {asks, decided}).ecn, asks && (decided || program_says));
				EXPECT_EQ(req.ecn_ok, asks && (decided || program_says));
				EXPECT_EQ(tcp_synack_ect(req, false), program_says);
				EXPECT_TRUE(tcp_synack_ect(req, true));
				detach(*server_side, prog);
			}
}

using trap_64 = connection;
TEST_F(trap_64, a_second_listen_fires_nothing) {
	attach(*root, logs_calls(log));
	EXPECT_EQ(inet_listen(listener), 0);
	EXPECT_EQ(inet_listen(listener), 0);
	EXPECT_EQ(calls(), "TCP_LISTEN");
	for (const tcp_state state : {TCP_ESTABLISHED, TCP_SYN_SENT, TCP_CLOSE_WAIT}) {
		client.skc_state = state;
		EXPECT_EQ(inet_listen(client), -EINVAL);
		EXPECT_EQ(client.skc_state, state);
	}
	EXPECT_EQ(calls(), "");
}

TEST_F(connection, without_their_flag_four_ops_are_not_fired_at_all) {
	attach(*root, logs_calls(log));
	const auto fire_all = [&] {
		tcp_bpf_rto(client, 0, 250, false);
		tcp_bpf_retrans(client, 1, 1, 0);
		tcp_bpf_state(client, TCP_CLOSE);
		tcp_bpf_rtt(client, 1, 8);
		return calls();
	};
	EXPECT_EQ(fire_all(), "");
	const std::pair<int, const char*> gates[] = {
		{0x01, "RTO(0,250,0)"}, {0x02, "RETRANS"}, {0x04, "STATE(7>7)"}, {0x08, "RTT"}, {0x70, ""}};
	for (const auto& [flag, fired] : gates) {
		client.bpf_sock_ops_cb_flags = static_cast<u8>(flag);
		EXPECT_EQ(fire_all(), fired);
	}
}

TEST_F(connection, the_replies_of_a_syn_are_used) {
	attach(*root, make_bpf_prog("by op", [](bpf_sock_ops& skops) {
		skops.reply = skops.op == BPF_SOCK_OPS_RWND_INIT      ? 40
					  : skops.op == BPF_SOCK_OPS_TIMEOUT_INIT ? 25
															  : 1;
		return 1;
	}));
	client.skc_state = TCP_SYN_SENT;
	const tcp_syn_params syn = tcp_connect(client);
	EXPECT_EQ(syn.rwnd_packets, 40u);
	EXPECT_EQ(syn.timeout, 25u);
	EXPECT_EQ(client.icsk_rto, 25u);
	EXPECT_TRUE(syn.ecn);
	inet_reqsk_init(req, &listener, in);
	(void)tcp_conn_request(req, {.syn_asks = true, .decided_yes = false});
	EXPECT_EQ(req.rsk_rcv_wnd, 40u);
	EXPECT_EQ(req.timeout, 25u);
	EXPECT_TRUE(req.ecn_ok);
}

// The sequences that were seen on a live 6.18, one side at a time.

TEST_F(connection, observed_without_callback_flags) {
	log_with_flags(0);
	send_syn();
	tcp_rtt_sample(client, 100, 800);
	tcp_finish_connect(client);
	tcp_set_state(client, TCP_CLOSE);
	EXPECT_EQ(calls(), "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN ACTIVE_ESTABLISHED");
	ASSERT_EQ(inet_listen(listener), 0);
	receive_syn();
	scoped_tcp_sock child(listener, req);
	tcp_rtt_sample(child, 100, 800);
	tcp_child_established(child);
	EXPECT_EQ(calls(), "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* PASSIVE_ESTABLISHED");
}

TEST_F(connection, observed_client_that_closes_first) {
	log_with_flags(0xf);
	send_syn();
	client.snd_nxt = 1;
	tcp_rtt_sample(client, 100, 800);
	tcp_finish_connect(client);
	client.snd_nxt = client.snd_una = 101;
	tcp_rtt_sample(client, 100, 800);
	tcp_set_state(client, TCP_FIN_WAIT1);
	client.snd_nxt = client.snd_una = 102;
	tcp_rtt_sample(client, 100, 800);
	tcp_set_state(client, TCP_FIN_WAIT2);
	tcp_time_wait(client);
	EXPECT_EQ(calls(), "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTT STATE(2>1) ACTIVE_ESTABLISHED RTT "
					   "STATE(1>4) RTT STATE(4>5) STATE(5>7)");
}

TEST_F(connection, observed_server_that_closes_last) {
	log_with_flags(0xf);
	ASSERT_EQ(inet_listen(listener), 0);
	receive_syn();
	{
		scoped_tcp_sock child(listener, req);
		tcp_rtt_sample(child, 100, 800);
		tcp_child_established(child);
		child.snd_nxt = child.snd_una = 51;
		tcp_rtt_sample(child, 100, 800);
		tcp_set_state(child, TCP_CLOSE_WAIT);
		tcp_set_state(child, TCP_LAST_ACK);
		child.snd_una = 52;
		tcp_rtt_sample(child, 100, 800);
		tcp_set_state(child, TCP_CLOSE);
	}
	tcp_set_state(listener, TCP_CLOSE);
	EXPECT_EQ(calls(),
			  "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* RTT PASSIVE_ESTABLISHED STATE(3>1) RTT "
			  "STATE(1>8) STATE(8>9) RTT STATE(9>7) STATE(10>7)");
}

TEST_F(connection, observed_refused_port) {
	log_with_flags(0xf);
	send_syn();
	tcp_set_state(client, TCP_CLOSE);
	EXPECT_EQ(calls(), "TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN STATE(2>7)");
	send_syn(); // the flags survive: now the first change is seen too
	EXPECT_EQ(calls(), "STATE(7>2) TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN");
}

TEST_F(connection, observed_syn_ack_lost_once) {
	log_with_flags(0xf);
	ASSERT_EQ(inet_listen(listener), 0);
	receive_syn();
	(void)tcp_synack_ect(req, false);
	(void)tcp_synack_ect(req, false);
	EXPECT_EQ(calls(), "TCP_LISTEN RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* NEEDS_ECN* NEEDS_ECN*");
}

} // namespace
