// SPDX-License-Identifier: MIT
// A stack names its release once, and every call site is of that release: what one call forgets, no test
// could see.

#include <array>

#include <sockops/sockops.hpp>
#include <sockops/testing/program_output.hpp>
#include <sockops/testing/recorder.hpp>

#include <gtest/gtest.h>

namespace {

using namespace sockops;
using sockops::testing::recorder;

/// A connection and a request, with a program that asks for everything.
struct hooked : ::testing::Test {
	net in{release_6_18::profile};
	cgroup_root root;
	bpf_link asks{*root, make_bpf_prog("asks", [](bpf_sock_ops& skops) {
					  if (skops.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
						  (void)bpf_reserve_hdr_opt(skops, 4, 0);
					  return 1;
				  })};
	scoped_tcp_sock sk{in, *root};
	request_sock req;
	std::array<u8, 24> bytes{};
	sk_buff skb{};

	hooked() {
		inet_reqsk_init(req, &sk, in);
		bytes[12] = 6 << 4;
		skb.data = bytes.data();
		skb.len = bytes.size();
		skb.sk = &sk;
		skb.tx_bpf = skb.ack_bpf = true;
		sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_ALL_CB_FLAGS;
		sk.sk_bpf_cb_flags = SK_BPF_CB_TX_TIMESTAMPING;
	}
	void is(tcp_state state) { sk.skc_state = state; }
};

/// Its one line that says it.
struct my_stack : tcp_hook<traced<release_6_18>> {
	static void syn(tcp_sock& tp) {
		tcp_set_state(tp, TCP_SYN_SENT);
		(void)tcp_connect(tp);
	}
};

TEST_F(hooked, a_stack_that_is_traced_is_seen_in_all_it_calls) {
	recorder seen(in);
	my_stack::syn(sk);
	EXPECT_EQ(seen.text(), "STATE(7>2) TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN");
}

TEST_F(hooked, each_call_site_of_a_traced_release_is_seen) {
	using hook = tcp_hook<traced<release_6_18>>;
	const struct {
		const char* name;
		std::function<void()> call;
	} sites[] = {
		{"tcp_call_bpf", [&] { hook::tcp_call_bpf(&sk, BPF_SOCK_OPS_BASE_RTT, 0, nullptr); }},
		{"tcp_call_bpf_2arg", [&] { hook::tcp_call_bpf_2arg(&sk, BPF_SOCK_OPS_STATE_CB, 1, 2); }},
		{"tcp_call_bpf_3arg", [&] { hook::tcp_call_bpf_3arg(&sk, BPF_SOCK_OPS_RTO_CB, 1, 2, 3); }},
		{"tcp_timeout_init", [&] { (void)hook::tcp_timeout_init(&sk); }},
		{"tcp_rwnd_init_bpf", [&] { (void)hook::tcp_rwnd_init_bpf(&sk); }},
		{"tcp_bpf_ca_needs_ecn", [&] { (void)hook::tcp_bpf_ca_needs_ecn(&sk); }},
		{"tcp_bpf_base_rtt", [&] { (void)hook::tcp_bpf_base_rtt(sk); }},
		{"tcp_nv_init", [&] { (void)hook::tcp_nv_init(sk); }},
		{"tcp_bpf_connect", [&] { hook::tcp_bpf_connect(sk); }},
		{"tcp_bpf_listen", [&] { hook::tcp_bpf_listen(sk); }},
		{"bpf_skops_established",
		 [&] { hook::bpf_skops_established(sk, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, &skb); }},
		{"tcp_bpf_state", [&] { hook::tcp_bpf_state(sk, TCP_CLOSE); }},
		{"tcp_bpf_rtt", [&] { hook::tcp_bpf_rtt(sk, 1, 8); }},
		{"tcp_bpf_rto", [&] { hook::tcp_bpf_rto(sk, 0, 250, false); }},
		{"tcp_bpf_retrans", [&] { hook::tcp_bpf_retrans(sk, 1, 1, 0); }},
		{"tcp_set_state", [&] { hook::tcp_set_state(sk, TCP_ESTABLISHED); }},
		{"inet_listen", [&] { is(TCP_CLOSE), (void)hook::inet_listen(sk), is(TCP_ESTABLISHED); }},
		{"tcp_connect", [&] { (void)hook::tcp_connect(sk); }},
		{"tcp_init_transfer",
		 [&] { hook::tcp_init_transfer(sk, BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, &skb); }},
		{"tcp_finish_connect", [&] { hook::tcp_finish_connect(sk, &skb); }},
		{"tcp_conn_request", [&] { (void)hook::tcp_conn_request(req, {.syn_asks = true}); }},
		{"tcp_simultaneous_open", [&] { (void)hook::tcp_simultaneous_open(sk, true, false); }},
		{"tcp_fastopen_create_child", [&] { hook::tcp_fastopen_create_child(sk, skb); }},
		{"tcp_synack_ect", [&] { (void)hook::tcp_synack_ect(req, false); }},
		{"tcp_child_established", [&] { hook::tcp_child_established(sk, &skb); }},
		{"tcp_rtt_sample", [&] { sk.srtt_us = 0, hook::tcp_rtt_sample(sk, 1, 8); }},
		{"tcp_retransmit_skb", [&] { hook::tcp_retransmit_skb(sk, 1, 1, 0, [] { return 0; }); }},
		{"retransmits_timed_out",
		 [&] {
			 is(TCP_SYN_SENT), sk.icsk_retransmits = 1;
			 (void)hook::retransmits_timed_out(sk, 3, 0);
		 }},
		{"tcp_write_timeout", [&] { (void)hook::tcp_write_timeout(sk); }},
		{"tcp_retransmit_timer", [&] { hook::tcp_retransmit_timer(sk, [] { return 0; }); }},
		{"bpf_skops_hdr_opt_len", [&] { (void)hook::bpf_skops_hdr_opt_len(sk, {.skb = &skb}, 40); }},
		{"bpf_skops_write_hdr_opt", [&] { hook::bpf_skops_write_hdr_opt(sk, {.skb = &skb}, 4); }},
		{"bpf_skops_parse_hdr", [&] { is(TCP_ESTABLISHED), hook::bpf_skops_parse_hdr(sk, skb); }},
		{"tcp_syn_options", [&] { (void)hook::tcp_syn_options(sk, skb, 20); }},
		{"tcp_synack_options", [&] { (void)hook::tcp_synack_options(sk, {.skb = &skb, .req = &req}, 20); }},
		{"tcp_established_options", [&] { (void)hook::tcp_established_options(sk, &skb, 12); }},
		{"tcp_current_mss", [&] { (void)hook::tcp_current_mss(sk, 12); }},
		{"tcp_bpf_tx_sendmsg", [&] { hook::tcp_bpf_tx_sendmsg(sk, skb); }},
		{"skb_tx_sched", [&] { hook::skb_tx_sched(skb); }},
		{"skb_tx_software", [&] { hook::skb_tx_software(skb); }},
		{"skb_tx_hardware", [&] { hook::skb_tx_hardware(skb, 1); }},
		{"tcp_ack_tstamp", [&] { sk.snd_una = 2, skb.tskey = 1, hook::tcp_ack_tstamp(sk, skb, 0); }},
		{"tcp_disconnect", [&] { hook::tcp_disconnect(sk); }},
		{"tcp_time_wait", [&] { hook::tcp_time_wait(sk); }},
	};
	is(TCP_ESTABLISHED);
	recorder seen(in);
	for (const auto& site : sites) {
		seen.clear();
		site.call();
		ASSERT_FALSE(seen.calls().empty()) << site.name;
		for (const auto& call : seen.calls())
			EXPECT_EQ(call.fate, trace_fate::ran) << site.name << ": " << seen.text();
	}
}

TEST_F(hooked, observers_are_all_told_in_the_order_in_which_they_came) {
	struct writes final : net_observer {
		writes(std::string& log, const char* mine) : to(log), name(mine) {}
		void called(const trace_call&) override { to += name; }
		std::string& to;
		const char* name;
	};
	std::string order;
	writes first(order, "1"), second(order, "2"), third(order, "3");
	const net_watch one(in, first);
	{
		const net_watch two(in, second), three(in, third);
		recorder seen(in);
		(void)my_stack::tcp_timeout_init(&sk);
		EXPECT_EQ(order, "123");
		EXPECT_EQ(seen.text(), "TIMEOUT_INIT");
	}
	(void)my_stack::tcp_timeout_init(&sk);
	EXPECT_EQ(order, "1231");
}

TEST_F(hooked, one_observer_may_watch_several_nets) {
	net other;
	scoped_tcp_sock there(other, *root);
	struct counts final : net_observer {
		int calls = 0;
		void called(const trace_call&) override { ++calls; }
	} all;
	const net_watch here(in, all), and_there(other, all);
	(void)my_stack::tcp_timeout_init(&sk);
	(void)my_stack::tcp_timeout_init(&there);
	EXPECT_EQ(all.calls, 2);
}

TEST(release, is_a_run_policy_and_a_profile) {
	static_assert(std::is_base_of_v<run_policy_4_19, release_text>);
	static_assert(std::is_base_of_v<run_policy_6_1, release_6_18>);
	static_assert(std::is_same_v<tcp_hook<>::release, release_text>);
	EXPECT_FALSE(release_text::profile.clamp_timeout_init);
	EXPECT_FALSE(release_text::profile.rtt_cb_args);
	EXPECT_TRUE(release_6_18::profile.clamp_timeout_init);
	EXPECT_TRUE(traced<release_6_18>::profile.rtt_cb_args);
}

} // namespace
