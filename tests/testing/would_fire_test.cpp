// SPDX-License-Identifier: MIT
// Whether a stack would have made the call that fire() makes.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>

#include "../traps/support.hpp"

namespace {

using namespace trap_test;
using namespace sockops::testing;
using ::testing::HasSubstr;
using ::testing::Not;

/// A socket and a request of a listener; programs run for both.
struct would_fire : ::testing::Test {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, *root};
	scoped_tcp_sock listener{in, *root};
	request_sock req;
	int runs = 0;
	would_fire() {
		sk.skc_state = TCP_ESTABLISHED;
		listener.skc_state = TCP_LISTEN;
		inet_reqsk_init(req, &listener, in);
		attach(*root, counts(runs));
	}
};

TEST_F(would_fire, says_which_flag_is_clear_and_how_to_set_it) {
	const fired answer = fire(BPF_SOCK_OPS_RTT_CB, sk);
	EXPECT_THAT(answer, Not(WouldFire()));
	EXPECT_EQ(runs, 1) << "it is fired all the same";
	EXPECT_EQ(answer.withheld,
			  "the socket's flag for it is clear: the flags are none, and RTT_CB takes RTT_CB_FLAG; "
			  "bpf_sock_ops_cb_flags_set() in an earlier callback sets it, or the test (cb_flags)");
	EXPECT_THAT(
		::testing::PrintToString(answer),
		HasSubstr("caller ignores it.\nNo stack would have called it: the socket's flag for it is clear: "));
	sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG;
	EXPECT_THAT(fire(BPF_SOCK_OPS_RTT_CB, sk), WouldFire());
	EXPECT_THAT(::testing::PrintToString(fire(BPF_SOCK_OPS_RTT_CB, sk)), Not(HasSubstr("No stack")));
}

TEST_F(would_fire, asks_the_flag_before_the_programs_change_it) {
	attach(*root, make_bpf_prog("sets", [](bpf_sock_ops& skops) {
		return bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG) == 0;
	}));
	EXPECT_THAT(fire(BPF_SOCK_OPS_STATE_CB, sk), Not(WouldFire()));
	EXPECT_THAT(fire(BPF_SOCK_OPS_STATE_CB, sk), WouldFire());
}

TEST_F(would_fire, holds_for_each_op_with_its_flag_and_for_none_without) {
	unsigned gated = 0;
	for (const op_info& row : op_table) {
		if (row.states == 0)
			continue;
		sk.skc_state = 1;
		while (!(row.states >> sk.skc_state & 1))
			++sk.skc_state;
		sk.bpf_sock_ops_cb_flags = static_cast<u8>(BPF_SOCK_OPS_ALL_CB_FLAGS & ~row.gate);
		sk.sk_bpf_cb_flags = SK_BPF_CB_TX_TIMESTAMPING;
		EXPECT_EQ(fire(row.op, sk).withheld.empty(), row.gate == 0) << row.name;
		if (row.gate != 0)
			sk.bpf_sock_ops_cb_flags = row.gate;
		EXPECT_EQ(fire(row.op, sk).withheld, "");
		gated += row.gate != 0;
	}
	EXPECT_EQ(gated, 6u);
}

TEST_F(would_fire, asks_the_listener_of_a_request_and_of_options_those_that_were_reserved) {
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, req), WouldFire());
	EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, req).withheld,
				HasSubstr("the listener's flag for it is clear: the flags are none, and HDR_OPT_LEN_CB takes "
						  "WRITE_HDR_OPT"));
	EXPECT_THAT(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, req).withheld, HasSubstr("HDR_OPT_LEN_CB takes"));
	listener.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG;
	EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, req), WouldFire());
	EXPECT_THAT(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, req), WouldFire());
}

TEST_F(would_fire, knows_segments_without_unknown_options_and_sends_without_a_sample) {
	sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG;
	EXPECT_THAT(fire(BPF_SOCK_OPS_PARSE_HDR_OPT_CB, sk).withheld,
				HasSubstr("no option that TCP does not know"));
	u8 header[24] = {};
	header[12] = 6 << 4;
	sk_buff skb{.data = header, .len = sizeof header};
	header[20] = 253;
	header[21] = 4;
	EXPECT_THAT(fire(BPF_SOCK_OPS_PARSE_HDR_OPT_CB, sk, {.skb = &skb}), WouldFire());
	sk.bpf_sock_ops_cb_flags = BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG;
	EXPECT_THAT(fire(BPF_SOCK_OPS_PARSE_HDR_OPT_CB, sk), WouldFire());

	EXPECT_THAT(fire(BPF_SOCK_OPS_TSTAMP_SENDMSG_CB, sk).withheld, HasSubstr("SK_BPF_CB_FLAGS"));
	EXPECT_THAT(fire(BPF_SOCK_OPS_TSTAMP_ACK_CB, sk, {.skb = &skb}).withheld, HasSubstr("no sampled send"));
	skb.ack_bpf = true;
	EXPECT_THAT(fire(BPF_SOCK_OPS_TSTAMP_ACK_CB, sk, {.skb = &skb}), WouldFire());
	EXPECT_THAT(fire(BPF_SOCK_OPS_TSTAMP_SCHED_CB, sk, {.skb = &skb}), Not(WouldFire()));
}

TEST_F(would_fire, is_not_so_of_what_is_fired_anyway_or_refused) {
	recorded_reports reports;
	EXPECT_EQ(fire(BPF_SOCK_OPS_TCP_LISTEN_CB, sk, {.anyway = true}).withheld,
			  "it fires in LISTEN, and the socket is in ESTABLISHED");
	EXPECT_THAT(fire(BPF_SOCK_OPS_TCP_LISTEN_CB, sk), Not(WouldFire()));
	EXPECT_FALSE(reports.take().empty());
}

} // namespace
