// SPDX-License-Identifier: MIT
// Traps of sockets: which are full, whose programs run, what a child takes over.

#include <array>
#include <cstring>

#include "support.hpp"

namespace {

using namespace trap_test;

/// A listener in cgroup /a, and a request that it has.
struct passive_side : testing::Test {
	net in;
	cgroup_root root;
	cgroup* const a = cgroup_mkdir(*root, "a");
	scoped_tcp_sock listener{in, *a};
	request_sock req;

	passive_side() {
		listener.skc_num = 80;
		listener.skc_state = TCP_LISTEN;
		inet_reqsk_init(req, &listener, in);
		req.skc_daddr = cpu_to_be32(0x0a00'0001);
		req.skc_rcv_saddr = cpu_to_be32(0x0a00'0002);
		req.skc_dport = cpu_to_be16(40'000);
		req.mss = 1460;
	}
};
struct sockets : passive_side {};

// Not inlined: what is known of the socket is its state, as in a stack.
[[gnu::noinline]] int state_call(sock_common& sk, u32 old_state) {
	const int result = tcp_call_bpf_2arg(&sk, BPF_SOCK_OPS_STATE_CB, old_state, 2);
	EXPECT_EQ((tcp_hook<release_6_18>::tcp_call_bpf_2arg(&sk, BPF_SOCK_OPS_STATE_CB, old_state, 2)), result);
	return result;
}
[[gnu::noinline]] u32 timeout_of(sock_common& sk) { return tcp_timeout_init(&sk); }

TEST(trap_13, on_a_time_wait_socket_nothing_runs_and_the_result_is_the_argument) {
	one_socket on;
	int runs = 0;
	attach(*on.root, counts(runs, 0));
	inet_timewait_sock tw;
	tw.skc_net = &on.in;
	EXPECT_EQ(state_call(tw, 0), 0);
	EXPECT_EQ(state_call(tw, 7), 7);
	EXPECT_EQ(timeout_of(tw), 250u);
	on.sk.skc_state = TCP_TIME_WAIT; // the state decides, not the memory
	EXPECT_EQ(state_call(on.sk, 6), 6);
	EXPECT_EQ(runs, 0);
	EXPECT_EQ(sk_to_full_sk(&on.sk), nullptr);
	on.sk.skc_state = TCP_CLOSE;
	EXPECT_EQ(state_call(on.sk, 6), -1);
	EXPECT_EQ(runs, 2);
}

using trap_14 = passive_side;
TEST_F(trap_14, a_request_runs_the_listeners_programs_and_is_not_full) {
	listener.snd_cwnd = 10;
	listener.bpf_sock_ops_cb_flags = 0x7f;
	int runs = 0;
	attach(*a, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		++runs;
		EXPECT_EQ(skops.state, 12u);
		EXPECT_EQ(skops.is_fullsock, 0u);
		EXPECT_EQ(skops.sk, nullptr);
		EXPECT_EQ(skops.snd_cwnd, 0u);
		EXPECT_EQ(skops.bpf_sock_ops_cb_flags, 0u);
		EXPECT_EQ(skops.sk_txhash, 0u);
		EXPECT_EQ(skops.local_port, 80u);
		EXPECT_EQ(be32_to_cpu(skops.remote_port), 40'000u);
		EXPECT_EQ(skops.remote_ip4, cpu_to_be32(0x0a00'0001));
		EXPECT_EQ(skops.local_ip4, cpu_to_be32(0x0a00'0002));
		EXPECT_EQ(skops.family, 2u);
		EXPECT_EQ(skops.kern().sk, &req);
		skops.reply = 4;
		return 1;
	}));
	EXPECT_EQ(sk_to_full_sk(&req), &listener);
	EXPECT_EQ(tcp_rwnd_init_bpf(&req), 4u);
	EXPECT_EQ(tcp_timeout_init(&req), 4u);
	EXPECT_EQ(runs, 2);
}

using trap_15 = passive_side;
TEST_F(trap_15, a_syncookie_request_runs_no_generic_op) {
	int runs = 0;
	u32 kind = 0;
	attach(*a, make_bpf_prog("counts", [&](bpf_sock_ops& skops) {
		++runs;
		kind = skops.args[0];
		return 0;
	}));
	inet_reqsk_init(req, nullptr, in);
	EXPECT_EQ(tcp_call_bpf(&req, BPF_SOCK_OPS_RWND_INIT, 0, nullptr), 0);
	const tcp_syn_params syn = tcp_conn_request(req, {.syn_asks = true, .decided_yes = false});
	EXPECT_EQ(syn.rwnd_packets, 0u);
	EXPECT_EQ(syn.timeout, 250u);
	EXPECT_FALSE(syn.ecn);
	EXPECT_FALSE(tcp_synack_ect(req, false));
	EXPECT_EQ(runs, 0);

	// The header option ops name their owner, so they do run.
	bpf_sock_ops_kern ctx{};
	ctx.sk = &req;
	ctx.op = BPF_SOCK_OPS_HDR_OPT_LEN_CB;
	ctx.args[0] = 2;
	EXPECT_EQ(bpf_cgroup_run_prog_sock_ops(&ctx), 0);
	EXPECT_EQ(runs, 0);
	EXPECT_EQ(bpf_cgroup_run_prog_sock_ops_sk(&ctx, &listener), -EPERM);
	EXPECT_EQ(runs, 1);
	EXPECT_EQ(kind, 2u);
}

TEST(trap_16, all_states_but_time_wait_and_new_syn_recv_are_full) {
	for (unsigned state = 0; state != TCP_MAX_STATES; ++state) {
		sock_common sk;
		sk.skc_state = static_cast<u8>(state);
		EXPECT_EQ(sk_fullsock(&sk), ((1u << state) & ~0x1040u) != 0) << state;
	}
}
TEST(trap_16, programs_run_in_states_0_and_13_too) {
	one_socket on;
	int runs = 0;
	attach(*on.root, counts(runs));
	for (const u8 state : {0, 13, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11}) {
		on.sk.skc_state = state;
		runs = 0;
		on.call(BPF_SOCK_OPS_TCP_LISTEN_CB);
		EXPECT_EQ(runs, 1) << unsigned{state};
	}
}

using trap_17 = passive_side;
TEST_F(trap_17, the_owner_of_the_header_ops_is_a_parameter_of_its_own) {
	cgroup* const b = cgroup_mkdir(*root, "b");
	scoped_tcp_sock child(in, *b);
	std::string log;
	attach(*a, writes(log, 'A'));
	attach(*b, writes(log, 'B'));
	bpf_sock_ops_kern ctx{};
	ctx.sk = &req;
	EXPECT_EQ(bpf_cgroup_run_prog_sock_ops_sk(&ctx, &listener), 0);
	EXPECT_EQ(bpf_cgroup_run_prog_sock_ops_sk(&ctx, &child), 0);
	EXPECT_EQ(log, "AB");
}

using trap_18 = passive_side;
TEST_F(trap_18, the_cgroup_is_fixed_when_the_socket_is_created) {
	cgroup* const b = cgroup_mkdir(*root, "b");
	std::string log;
	attach(*a, writes(log, 'A'));
	attach(*b, writes(log, 'B'));
	scoped_tcp_sock later(in, *b); // the process has moved to /b
	EXPECT_EQ(run_order(log, later), "B");
	EXPECT_EQ(run_order(log, listener), "A");
	scoped_tcp_sock child(listener, req); // accepted by whoever: the listener's cgroup
	EXPECT_EQ(sock_cgroup_ptr(&child), a);
	EXPECT_EQ(run_order(log, child), "A");
	EXPECT_EQ(run_order(log, req), "A");
}

using trap_19 = passive_side;
TEST_F(trap_19, a_child_inherits_the_callback_flags) {
	std::string log;
	listener.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_STATE_CB_FLAG;
	attach(*a, logs_calls(log));
	scoped_tcp_sock child(listener, req);
	EXPECT_EQ(child.bpf_sock_ops_cb_flags, BPF_SOCK_OPS_STATE_CB_FLAG);
	EXPECT_EQ(child.skc_state, TCP_SYN_RECV);
	tcp_child_established(child);
	EXPECT_EQ(log, "PASSIVE_ESTABLISHED STATE(3>1)"); // none for becoming SYN_RECV
	EXPECT_EQ(listener.bpf_sock_ops_cb_flags, BPF_SOCK_OPS_STATE_CB_FLAG);
}

using trap_20 = passive_side;
TEST_F(trap_20, a_child_has_its_requests_cookie) {
	std::vector<u64> cookies;
	attach(*a, make_bpf_prog("cookie", [&](bpf_sock_ops& skops) {
		cookies.push_back(bpf_get_socket_cookie(skops));
		return 1;
	}));
	(void)tcp_rwnd_init_bpf(&req);
	scoped_tcp_sock child(listener, req);
	tcp_child_established(child);
	tcp_bpf_listen(listener);
	ASSERT_EQ(cookies.size(), 3u);
	EXPECT_NE(cookies[0], 0u);
	EXPECT_EQ(cookies[0], cookies[1]);
	EXPECT_NE(cookies[0], cookies[2]);
}

TEST_F(sockets, cookies_are_given_at_first_use_and_never_twice) {
	scoped_tcp_sock other(in, *a);
	EXPECT_EQ(listener.skc_cookie, 0u);
	const u64 first = sock_gen_cookie(&listener);
	EXPECT_NE(first, 0u);
	EXPECT_EQ(sock_gen_cookie(&listener), first);
	EXPECT_NE(sock_gen_cookie(&other), first);
	scoped_tcp_sock child(listener, req); // a request that nobody asked for its cookie
	EXPECT_NE(sock_gen_cookie(&child), first);
}

TEST_F(sockets, memory_that_is_used_again_makes_a_new_socket) {
	tcp_sock sk;
	ASSERT_EQ(tcp_init_sock(sk, in, *a), 0);
	const u64 first = sock_gen_cookie(&sk);
	sk.bpf_sock_ops_cb_flags = 0x7f;
	sk.skc_state = TCP_ESTABLISHED;
	sk_free(sk);
	ASSERT_EQ(tcp_init_sock(sk, in, *a), 0);
	EXPECT_EQ(sk.bpf_sock_ops_cb_flags, 0);
	EXPECT_EQ(sk.skc_state, TCP_CLOSE);
	EXPECT_NE(sock_gen_cookie(&sk), first);
	sk_free(sk);
}

TEST_F(sockets, a_fresh_socket_has_a_fresh_sockets_timers_and_window) {
	EXPECT_EQ(listener.icsk_rto, 250u);
	EXPECT_EQ(listener.icsk_rto_min, 50u);
	EXPECT_EQ(listener.icsk_delack_max, 50u);
	EXPECT_EQ(listener.snd_cwnd, 10u);
	EXPECT_EQ(listener.bpf_sock_ops_cb_flags, 0);
	net fast(net_profile{1000, true, true});
	scoped_tcp_sock sk(fast, *root);
	EXPECT_EQ(sk.icsk_rto, 1000u);
	EXPECT_EQ(sk.icsk_rto_min, 200u);
}

TEST_F(sockets, a_child_takes_the_requests_addresses_and_starts_its_counters_afresh) {
	listener.snd_cwnd = 77;
	listener.srtt_us = 5;
	listener.bytes_received = 9;
	listener.data_segs_out = 3;
	listener.icsk_rto_min = 12;
	std::strcpy(listener.icsk_ca_name, "reno");
	req.ecn_ok = true;
	scoped_tcp_sock child(listener, req);
	EXPECT_EQ(child.skc_daddr, req.skc_daddr);
	EXPECT_EQ(child.skc_rcv_saddr, req.skc_rcv_saddr);
	EXPECT_EQ(child.skc_dport, req.skc_dport);
	EXPECT_EQ(child.skc_num, 80);
	EXPECT_EQ(child.mss_cache, 1460u);
	EXPECT_NE(child.ecn_flags, 0);
	EXPECT_EQ(child.snd_cwnd, 10u);
	EXPECT_EQ(child.srtt_us, 0u);
	EXPECT_EQ(child.bytes_received, 0u);
	EXPECT_EQ(child.data_segs_out, 0u);
	EXPECT_EQ(child.icsk_rto_min, 12u);
	EXPECT_STREQ(child.icsk_ca_name, "reno");
}

TEST_F(sockets, a_child_without_ecn_has_none_of_its_listeners_ecn_flags) {
	listener.ecn_flags = 1; // of a connection that it was before
	scoped_tcp_sock child(listener, req);
	EXPECT_EQ(child.ecn_flags, 0);
}

TEST(listen_cb, sees_the_state_in_which_the_socket_listens) {
	one_socket on;
	u32 state = 0;
	attach(*on.root, make_bpf_prog("looks", [&](bpf_sock_ops& skops) {
		state = skops.state;
		return 1;
	}));
	EXPECT_EQ(inet_listen(on.sk), 0);
	EXPECT_EQ(state, u32{TCP_LISTEN});
}

TEST_F(sockets, the_child_holds_its_cgroup_by_itself) {
	const u32 before = a->refcnt;
	{
		scoped_tcp_sock child(listener, req);
		EXPECT_EQ(a->refcnt, before + 1);
		sk_free(child);
		EXPECT_EQ(a->refcnt, before);
	} // freeing it again does nothing
	EXPECT_EQ(a->refcnt, before);
}

// A debugging aid that warns once for the whole process, so all of it in one test.
TEST_F(sockets, a_call_without_the_sockets_lock_warns_once_whether_or_not_a_program_is_there) {
	recorded_reports reports;
	scoped_tcp_sock untracked(in, *a);
	(void)tcp_call_bpf(&untracked, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	in.debug_locks = true;
	scoped_tcp_sock sk(in, *a);
	lock_sock(sk);
	(void)tcp_call_bpf(&sk, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	inet_reqsk_init(req, &sk, in); // asked about in packet processing: nobody holds the listener
	release_sock(sk);
	(void)tcp_call_bpf(&req, BPF_SOCK_OPS_RWND_INIT, 0, nullptr);
	scoped_tcp_sock child(sk, req); // comes bh-locked
	(void)tcp_call_bpf(&child, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, 0, nullptr);
	EXPECT_TRUE(reports.take().empty());
	bh_unlock_sock(child);
	(void)tcp_call_bpf(&child, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	expect_report(reports, "sock_owned_by_me", {"lock is not held", "lock_sock()", "bh_lock_sock()"});
	(void)tcp_call_bpf(&child, BPF_SOCK_OPS_TCP_LISTEN_CB, 0, nullptr);
	EXPECT_TRUE(reports.take().empty());
	bh_lock_sock(child);
}

} // namespace
