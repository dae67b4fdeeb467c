// SPDX-License-Identifier: MIT
// fire(), the recorder and explain(): what a person who tests a handler works with.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>

#include "../traps/support.hpp"

namespace {

using namespace trap_test;
using namespace sockops::testing;

/// A child of /web with a request, and programs to taste.
struct bench_of_sockets {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, root.make("/web")};
	scoped_tcp_sock listener{in, root.at("/web")};
	request_sock req;
	bench_of_sockets() {
		sk.skc_state = TCP_ESTABLISHED;
		listener.skc_state = TCP_LISTEN;
		inet_reqsk_init(req, &listener, in);
	}
};

bpf_prog_ptr replies(const char* name, u32 reply, u32 ret = 1) {
	return make_bpf_prog(name, [reply, ret](bpf_sock_ops& skops) {
		skops.reply = reply;
		return ret;
	});
}

TEST(fire, answers_as_the_hook_does_on_sockets_and_requests) {
	bench_of_sockets on;
	attach(on.root.at("/web"), replies("fast", 50));
	on.sk.skc_state = TCP_SYN_SENT;
	EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, on.sk), Replies(50));
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, on.req), Replies(50));
	EXPECT_FALSE(fire(BPF_SOCK_OPS_RWND_INIT, on.req).call.is_fullsock);
	attach(*on.root, replies("gate", 7, 0));
	EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, on.sk), ::testing::AllOf(Denied(), Replies(-1)));
}

TEST(fire, asks_no_flag_and_passes_arguments) {
	bench_of_sockets on;
	std::string log;
	attach(*on.root, logs_calls(log));
	EXPECT_THAT(fire(BPF_SOCK_OPS_STATE_CB, on.sk, {.args = {TCP_ESTABLISHED, TCP_CLOSE_WAIT}}), Replies(1));
	EXPECT_THAT(fire(BPF_SOCK_OPS_RTO_CB, on.sk, {.args = {0, 250, 1}}), Replies(0));
	EXPECT_EQ(log, "STATE(1>8) RTO(0,250,1)");
}

TEST(fire, header_options_are_reserved_written_and_wiped) {
	bench_of_sockets on;
	bpf_prog_ptr option = make_bpf_prog("option", [](bpf_sock_ops& skops) {
		const u8 bytes[] = {253, 5, 0xeb, 0x9f, 7};
		if (skops.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
			return bpf_reserve_hdr_opt(skops, sizeof bytes, 0) == 0;
		return bpf_store_hdr_opt(skops, bytes, sizeof bytes, 0) == 0;
	});
	attach(*on.root, option);
	EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, on.sk), ReservedBytes(8));
	EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, on.sk, {.room = 4}),
				::testing::AllOf(Denied(), ReservedBytes(0)));
	EXPECT_THAT(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, on.sk, {.room = 8}),
				WroteOptions({253, 5, 0xeb, 0x9f, 7, 1, 1, 1}));
	EXPECT_THAT(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, on.req, {.room = 8}),
				WroteOptions({253, 5, 0xeb, 0x9f, 7, 1, 1, 1}));
	int runs = 0;
	attach(*on.root, counts(runs, 0));
	EXPECT_THAT(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, on.sk, {.room = 8}),
				WroteOptions({1, 1, 1, 1, 1, 1, 1, 1}));
}

TEST(fire, every_op_of_the_table_can_be_fired_where_it_says) {
	bench_of_sockets on;
	for (const op_info& row : op_table) {
		if (row.states == 0)
			continue;
		for (u32 state = 1; state != TCP_MAX_STATES; ++state) {
			if (!(row.states >> state & 1))
				continue;
			int runs = 0;
			bpf_prog_ptr counter = counts(runs);
			attach(*on.root, counter);
			on.sk.skc_state = static_cast<u8>(state);
			const bool request = state == TCP_NEW_SYN_RECV;
			const fired answer = fire(row.op, request ? static_cast<sock_common&>(on.req) : on.sk);
			EXPECT_EQ(runs, 1) << row.name << ' ' << tcp_state_name(state);
			EXPECT_EQ(answer.call.op, row.op);
			EXPECT_EQ(answer.call.is_fullsock, !request);
			detach(*on.root, counter);
		}
	}
}

TEST(fire, refuses_what_no_kernel_fires_unless_told_to) {
	recorded_reports reports;
	bench_of_sockets on;
	int runs = 0;
	attach(*on.root, counts(runs));
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, on.sk);
	expect_report(reports, "fire", {"TCP_LISTEN_CB", "ESTABLISHED", "fires in LISTEN", ".anyway"});
	(void)fire(BPF_SOCK_OPS_RTT_CB, on.req, {.anyway = true});
	expect_report(reports, "fire", {"RTT_CB on a request", "full sockets only"});
	(void)fire(BPF_SOCK_OPS_VOID, on.sk);
	expect_report(reports, "fire", {"op 0", "nothing fires"});
	request_sock blank, cookie;
	(void)fire(BPF_SOCK_OPS_RWND_INIT, blank);
	expect_report(reports, "fire", {"RWND_INIT", "no net", "inet_reqsk_init"});
	inet_reqsk_init(cookie, nullptr, on.in);
	(void)fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, cookie);
	expect_report(reports, "fire", {"without a listener", ".owner"});
	(void)fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, on.sk, {.room = 0});
	expect_report(reports, "fire", {"WRITE_HDR_OPT_CB", ".room 0"});
	EXPECT_EQ(runs, 0);
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, on.sk, {.anyway = true});
	EXPECT_EQ(runs, 1);
	EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, cookie, {.owner = &on.listener}), Allowed());
	EXPECT_EQ(runs, 2);
	EXPECT_TRUE(reports.take().empty());
}

TEST(explain, says_who_answered_and_who_discarded_it) {
	bench_of_sockets on;
	attach(on.root.at("/web"), replies("fast_syn", 50));
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_TIMEOUT_INIT, on.req).call),
			  "TIMEOUT_INIT on a request of /web, NEW_SYN_RECV: 1 program ran.\n"
			  "  fast_syn  reply 0 -> 50, returned 1\n"
			  "The result is 50: the reply of fast_syn; 50 jiffies of 1/250 s.\n");
	attach(*on.root, make_bpf_prog("gate", [](bpf_sock_ops&) { return 0; }));
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_TIMEOUT_INIT, on.req).call),
			  "TIMEOUT_INIT on a request of /web, NEW_SYN_RECV: 2 programs ran.\n"
			  "  fast_syn  reply 0 -> 50, returned 1\n"
			  "  gate      returned 0: it denied\n"
			  "The result is -1: gate returned 0: the reply 50 of fast_syn is discarded, 1 s is used.\n");
}

TEST(explain, says_why_a_program_did_not_run) {
	bench_of_sockets on;
	bpf_prog_ptr elsewhere = replies("elsewhere", 1);
	const bpf_prog& prog = *elsewhere.get();
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_RWND_INIT, on.req).call, prog),
			  "elsewhere did not run: no program ran: nothing is attached anywhere in the process.\n");
	attach(on.root.make("/lab"), elsewhere);
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_RWND_INIT, on.req).call, prog),
			  "elsewhere did not run: it is attached in /lab, and the socket is in /web.\n");
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_RWND_INIT, on.req).call),
			  "RWND_INIT on a request of /web, NEW_SYN_RECV: no program ran: neither /web nor a cgroup above "
			  "it has "
			  "one.\nThe result is 0: nobody wrote a reply; the stack's default window is used.\n");
	request_sock cookie;
	inet_reqsk_init(cookie, nullptr, on.in);
	EXPECT_EQ(
		explain(fire(BPF_SOCK_OPS_RWND_INIT, cookie).call, prog),
		"elsewhere did not run: no program ran: a request that a syncookie answers has no listener to find "
		"them by.\n");
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_RWND_INIT, on.req).call, *replies("loose", 1).get()),
			  "loose did not run: it is attached nowhere in this tree.\n");
}

TEST(explain, says_whose_write_cleared_the_flag_of_an_op_that_was_not_called) {
	bench_of_sockets on;
	attach(on.root.at("/web"), make_bpf_prog("watcher", [](bpf_sock_ops& skops) {
			   if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
				   bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG);
			   return 1;
		   }));
	attach(*on.root, make_bpf_prog("neighbour", [](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		return 1;
	}));
	recorder seen(on.in);
	seen.name(on.sk, "client");
	tcp_hook<traced<>>::bpf_skops_established(on.sk, BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	tcp_hook<traced<>>::tcp_bpf_rtt(on.sk, 100, 800);
	tcp_hook<traced<>>::tcp_set_state(on.sk, TCP_FIN_WAIT1);
	EXPECT_THAT(seen, SawCalls("client", "ACTIVE_ESTABLISHED STATE(1>4)"));
	EXPECT_THAT(seen, ::testing::Not(SawCalls("client", "ACTIVE_ESTABLISHED")));
	ASSERT_EQ(seen.calls().size(), 3u);
	EXPECT_EQ(seen.calls()[1].fate, trace_fate::withheld);
	EXPECT_EQ(seen.explain(1),
			  "RTT_CB on a socket of /web, ESTABLISHED: it was not called: the socket's flags are "
			  "STATE_CB_FLAG, and it takes RTT_CB_FLAG.\n"
			  "neighbour cleared it in ACTIVE_ESTABLISHED_CB, 0 us.\n");
	EXPECT_NE(seen.explain(0).find("neighbour  flags STATE_CB_FLAG|RTT_CB_FLAG -> STATE_CB_FLAG"),
			  std::string::npos);
}

TEST(explain, counts_the_bytes_of_header_options) {
	bench_of_sockets on;
	attach(*on.root,
		   make_bpf_prog("five", [](bpf_sock_ops& skops) { return bpf_reserve_hdr_opt(skops, 5, 0) == 0; }));
	EXPECT_EQ(explain(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, on.sk).call),
			  "HDR_OPT_LEN_CB on a socket of /web, ESTABLISHED: 1 program ran.\n"
			  "  five  reserved 5 bytes, returned 1\n"
			  "The result is 0: 5 bytes asked for, 8 bytes reserved.\n");
}

TEST(recorder, keeps_programs_alive_and_gives_the_net_back) {
	bench_of_sockets on;
	bool gone = false;
	struct tells {
		bool* gone;
		~tells() {
			if (gone)
				*gone = true;
		}
		tells(bool* to) : gone(to) {}
		tells(tells&& other) noexcept : gone(std::exchange(other.gone, nullptr)) {}
		int operator()(bpf_sock_ops&) const { return 1; }
	};
	{
		recorder seen(on.in);
		{
			bpf_prog_ptr prog = make_bpf_prog("short_lived", tells(&gone));
			attach(*on.root, prog);
			(void)tcp_hook<traced<>>::tcp_timeout_init(&on.sk);
			detach(*on.root, prog);
		}
		rcu_barrier();
		EXPECT_FALSE(gone);
		EXPECT_EQ(seen.calls()[0].steps[0].prog->name, std::string("short_lived"));
	}
	rcu_barrier();
	EXPECT_TRUE(gone);
	EXPECT_EQ(on.in.observers, nullptr);
}

TEST(recorder, explains_calls_of_sockets_that_are_gone) {
	bench_of_sockets on;
	on.in.profile.hz = 1000;
	attach(*on.root, replies("fast", 50));
	recorder seen(on.in);
	(void)tcp_hook<traced<>>::tcp_timeout_init(&on.req);
	on.req.skc_net = nullptr; // as good as freed: nobody may look at it any more
	EXPECT_NE(seen.explain(0).find("50 jiffies of 1/1000 s"), std::string::npos) << seen.explain(0);
}

TEST(explain, an_answer_that_is_empty_names_no_cgroup) {
	const bpf_prog_ptr prog = replies("fast", 50);
	EXPECT_EQ(explain(fired{}.call, *prog.get()), "fast did not run: nothing was called.\n");
}

TEST(explain, says_which_op_had_nobody_to_ask) {
	bench_of_sockets on;
	EXPECT_EQ(
		explain(fire(BPF_SOCK_OPS_TSTAMP_SCHED_CB, on.sk).call),
		"TSTAMP_SCHED_CB on a socket of /web, ESTABLISHED: no program ran: nothing is attached anywhere "
		"in the process.\nThe result is 0: nobody wrote a reply; the caller ignores it.\n");
}

} // namespace
