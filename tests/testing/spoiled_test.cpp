// SPDX-License-Identifier: MIT
// Who spoils whom, in one call and over several: what the rule finds, and what it does not take for a loss.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>

#include "../traps/support.hpp"

namespace {

using namespace trap_test;
using namespace sockops::testing;
using ::testing::AllOf, ::testing::ElementsAre, ::testing::HasSubstr, ::testing::Not;

/// A connection in /web, and programs that run in the order in which they are given.
struct table {
	net in;
	cgroup_root root;
	scoped_tcp_sock sk{in, root.make("/web")};
	spoil_watch watch;
	table() { sk.skc_state = TCP_SYN_SENT; }

	table& with(const char* name, std::function<int(bpf_sock_ops&)> body) {
		attach(root.at("/web"), make_bpf_prog(name, [body](bpf_sock_ops& skops) { return body(skops); }));
		return *this;
	}
	table& replies(const char* name, int reply, int ret = 1) {
		return with(name, [reply, ret](bpf_sock_ops& skops) {
			skops.reply = static_cast<u32>(reply);
			return ret;
		});
	}
	table& returns(const char* name, int ret) {
		return with(name, [ret](bpf_sock_ops&) { return ret; });
	}
	fired operator()(bpf_sock_ops_op op, fire_options options = {}) {
		options.watch = &watch;
		return fire(op, sk, options);
	}
};

std::vector<std::string> texts(const fired& of) {
	std::vector<std::string> all;
	for (const spoiled& each : of.spoiled)
		all.push_back(each.text);
	return all;
}

TEST(spoiled, a_zero_discards_the_reply_of_another) {
	table on;
	on.replies("tune", 25).returns("observer", 0);
	const fired answer = on(BPF_SOCK_OPS_TIMEOUT_INIT);
	EXPECT_THAT(texts(answer),
				ElementsAre("observer returned 0: the reply 25 of tune is discarded, 1 s is used"));
	EXPECT_THAT(answer, DiscardedReply("tune", "observer"));
	EXPECT_THAT(answer, Not(DiscardedReply("observer", "tune")));
	EXPECT_THAT(answer, Not(ReplySurvived("tune")));
	EXPECT_EQ(answer.spoiled[0].value, 25);
}

TEST(spoiled, it_does_so_before_the_reply_is_written_too) {
	table on;
	on.returns("observer", 0).replies("tune", 25).returns("gate", 0);
	const fired answer = on(BPF_SOCK_OPS_RWND_INIT);
	EXPECT_THAT(texts(answer), ElementsAre("observer and gate returned 0: the reply 25 of tune is discarded, "
										   "the stack's default window is used"));
	EXPECT_THAT(answer, AllOf(DiscardedReply("tune", "observer"), DiscardedReply("tune", "gate")));
}

TEST(spoiled, a_program_that_replies_and_returns_0_discards_its_own) {
	table on;
	on.replies("tune", 1, 0);
	EXPECT_THAT(texts(on(BPF_SOCK_OPS_NEEDS_ECN)),
				ElementsAre("tune returned 0: its own reply 1 is discarded, ECN is not wanted (it takes a "
							"reply of exactly 1)"));
}

TEST(spoiled, a_reply_that_asks_for_nothing_cannot_be_lost) {
	table on;
	on.replies("tune", -1).returns("gate", 0);
	EXPECT_THAT(on(BPF_SOCK_OPS_TIMEOUT_INIT), SpoiledNothing());
	EXPECT_THAT(on(BPF_SOCK_OPS_TCP_CONNECT_CB), AllOf(Denied(), SpoiledNothing()));
	table ignored;
	ignored.replies("tune", 25).returns("gate", 0);
	EXPECT_THAT(ignored(BPF_SOCK_OPS_TCP_CONNECT_CB), AllOf(Denied(), SpoiledNothing()))
		<< "nobody asks for a reply there";
}

TEST(spoiled, a_later_program_replaces_a_reply) {
	table on;
	on.replies("tune", 25).replies("web", 40);
	const fired answer = on(BPF_SOCK_OPS_TIMEOUT_INIT);
	EXPECT_THAT(answer, AllOf(Replies(40), ReplacedReply("tune", "web"), ReplySurvived("web")));
	EXPECT_THAT(texts(answer), ElementsAre("web replaced the reply 25 of tune by 40"));
}

TEST(spoiled, one_that_stores_minus_one_for_what_it_does_not_know_replaces_too) {
	table on;
	on.replies("tune", 25).replies("sample", -1);
	EXPECT_THAT(texts(on(BPF_SOCK_OPS_TIMEOUT_INIT)),
				ElementsAre("sample replaced the reply 25 of tune by -1, which is none: 1 s is used"));
	EXPECT_THAT(
		texts(on(BPF_SOCK_OPS_BASE_RTT)),
		ElementsAre("sample replaced the reply 25 of tune by -1, which is none: no base RTT is known"));
	table other_way;
	other_way.replies("sample", -1).replies("tune", 25);
	EXPECT_THAT(other_way(BPF_SOCK_OPS_TIMEOUT_INIT), AllOf(SpoiledNothing(), ReplySurvived("tune")));
}

TEST(spoiled, the_same_reply_again_takes_nothing) {
	table on;
	on.replies("tune", 25).replies("web", 25);
	EXPECT_THAT(on(BPF_SOCK_OPS_TIMEOUT_INIT), AllOf(Replies(25), SpoiledNothing()));
}

TEST(spoiled, a_reply_stands_in_the_first_argument_of_those_after_it) {
	table on;
	u32 old_state = 0;
	on.replies("sample", -1).with("states", [&](bpf_sock_ops& skops) {
		old_state = skops.args[0];
		return 1;
	});
	on.sk.skc_state = TCP_ESTABLISHED;
	const fired answer = on(BPF_SOCK_OPS_STATE_CB, {.args = {TCP_ESTABLISHED, TCP_CLOSE_WAIT}});
	EXPECT_EQ(old_state, ~0u);
	EXPECT_THAT(texts(answer),
				ElementsAre("sample's reply stands in args[0]: states finds -1 for old_state 1"));
	EXPECT_THAT(answer, ChangedArgument("states", "sample"));
	table last;
	last.returns("states", 1).replies("sample", -1);
	last.sk.skc_state = TCP_ESTABLISHED;
	EXPECT_THAT(last(BPF_SOCK_OPS_STATE_CB, {.args = {TCP_ESTABLISHED, TCP_CLOSE_WAIT}}), SpoiledNothing());
}

TEST(spoiled, an_assignment_takes_flags_that_an_earlier_call_has_set) {
	table on;
	on.with("watcher", [](bpf_sock_ops& skops) {
		  if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
			  bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG);
		  return 1;
	  }).with("neighbour", [](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		return 1;
	});
	EXPECT_THAT(on(BPF_SOCK_OPS_TCP_CONNECT_CB), SpoiledNothing());
	on.sk.skc_state = TCP_ESTABLISHED;
	const fired answer = on(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB);
	EXPECT_THAT(texts(answer),
				ElementsAre("neighbour set the flags to STATE_CB_FLAG: RTT_CB_FLAG of watcher is gone"));
	EXPECT_THAT(answer, TookFlags("watcher", "neighbour"));
	EXPECT_EQ(answer.spoiled[0].value, BPF_SOCK_OPS_RTT_CB_FLAG);
	EXPECT_THAT(::testing::PrintToString(answer), HasSubstr("RTT_CB_FLAG of watcher is gone."));
}

TEST(spoiled, a_program_may_give_up_its_own_flags) {
	table on;
	on.with("watcher", [](bpf_sock_ops& skops) {
		const bool opens = skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB;
		bpf_sock_ops_cb_flags_set(skops, opens ? BPF_SOCK_OPS_RTT_CB_FLAG : 0);
		return 1;
	});
	(void)on(BPF_SOCK_OPS_TCP_CONNECT_CB);
	on.sk.skc_state = TCP_ESTABLISHED;
	EXPECT_THAT(on(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB), AllOf(LeftFlags(0), SpoiledNothing()));
}

TEST(spoiled, a_child_has_its_listeners_flags_and_their_owner) {
	table on;
	on.with("watcher", [](bpf_sock_ops& skops) {
		  if (skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			  bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG);
		  return 1;
	  }).with("neighbour", [](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		return 1;
	});
	on.sk.skc_state = TCP_LISTEN;
	(void)on(BPF_SOCK_OPS_TCP_LISTEN_CB);
	request_sock req;
	inet_reqsk_init(req, &on.sk, on.in);
	scoped_tcp_sock child(on.sk, req);
	EXPECT_THAT(fire(BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, child, {.watch = &on.watch}),
				TookFlags("watcher", "neighbour"));
}

/// Reserves so many bytes, and stores an option of that length (0: none) of this kind.
std::function<int(bpf_sock_ops&)> option(u32 reserve, u8 store, u8 kind, int ret = 1) {
	return [=](bpf_sock_ops& skops) {
		const u8 bytes[40] = {kind, store};
		if (skops.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB && reserve)
			(void)bpf_reserve_hdr_opt(skops, reserve, 0);
		if (skops.op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB && store)
			(void)bpf_store_hdr_opt(skops, bytes, store, 0);
		return ret;
	};
}

struct segment_of {
	std::array<u8, 60> bytes{};
	sk_buff skb{};
	segment_of() {
		skb.data = bytes.data();
		skb.len = 60;
		bytes[12] = 0xf0;
	}
};

TEST(spoiled, options_that_others_left_no_room_for) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("tag", option(36, 0, 200)).with("trace", option(8, 0, 201));
	const fired sized = on(BPF_SOCK_OPS_HDR_OPT_LEN_CB);
	EXPECT_THAT(texts(sized), ElementsAre("trace could not reserve 8 bytes: tag reserved 36 of 40"));
	EXPECT_THAT(sized, DroppedOptions("trace", "tag"));
	EXPECT_THAT(explain(sized.call), HasSubstr("trace  no room to reserve 8 bytes, returned 1\n"));
}

TEST(spoiled, options_stored_in_the_bytes_that_another_reserved) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("thief", option(0, 8, 200)).with("tag", option(8, 8, 201));
	segment_of segment;
	EXPECT_THAT(on(BPF_SOCK_OPS_HDR_OPT_LEN_CB, {.skb = &segment.skb}), SpoiledNothing());
	const fired written = on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 8});
	EXPECT_THAT(texts(written), ElementsAre("tag could not store 8 bytes: thief wrote 8 of 8"));
}

TEST(spoiled, who_stores_what_it_reserved_takes_nobodys_bytes) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("tag", option(8, 8, 200)).with("late", option(36, 8, 201));
	segment_of segment;
	EXPECT_THAT(on(BPF_SOCK_OPS_HDR_OPT_LEN_CB, {.skb = &segment.skb}), DroppedOptions("late", "tag"));
	const fired written = on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 8});
	EXPECT_EQ(written.call.steps[1].refused_opt_error, -ENOSPC);
	EXPECT_THAT(written, SpoiledNothing()) << "what it lost was told when it could not reserve it";
}

TEST(spoiled, options_of_a_kind_that_another_has_written) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("first", option(4, 4, 200)).with("second", option(4, 4, 200));
	EXPECT_THAT(texts(on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 8})),
				ElementsAre("second could not store 4 bytes: first wrote an option of this kind"));
}

TEST(spoiled, a_zero_discards_the_options_of_all) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("tag", option(8, 8, 200)).returns("gate", 0);
	EXPECT_THAT(texts(on(BPF_SOCK_OPS_HDR_OPT_LEN_CB)),
				ElementsAre("gate returned 0: the 8 bytes that tag reserved are discarded"));
	EXPECT_THAT(texts(on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 8})),
				ElementsAre("gate returned 0: the 8 bytes that tag wrote are discarded, NOPs stand there"));
}

TEST(spoiled, bytes_that_were_reserved_and_not_written) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("tag", option(6, 6, 200)).with("lazy", option(8, 0, 201));
	segment_of segment;
	EXPECT_THAT(on(BPF_SOCK_OPS_HDR_OPT_LEN_CB, {.skb = &segment.skb}), SpoiledNothing());
	const fired written = on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 16});
	EXPECT_THAT(texts(written), ElementsAre("lazy reserved 8 bytes and wrote none: NOPs stand there"));
	EXPECT_THAT(on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 16}), SpoiledNothing())
		<< "of another segment, whose bytes nobody was seen to reserve";
}

TEST(spoiled, a_program_that_is_attached_twice_may_store_twice) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	u8 number = 0;
	const bpf_prog_ptr tag = make_bpf_prog("tag", [&number](bpf_sock_ops& skops) {
		const u8 bytes[] = {++number, 4, 0, 0};
		if (skops.op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
			return bpf_reserve_hdr_opt(skops, 4, 0) == 0;
		return bpf_store_hdr_opt(skops, bytes, 4, 0) == 0;
	});
	number = 199;
	attach(on.root.at("/web"), tag);
	attach(*on.root, tag);
	segment_of segment;
	EXPECT_THAT(on(BPF_SOCK_OPS_HDR_OPT_LEN_CB, {.skb = &segment.skb}), SpoiledNothing());
	EXPECT_THAT(on(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, {.room = 8}), AllOf(Allowed(), SpoiledNothing()));
}

TEST(spoiled, no_room_that_nobody_else_took_is_no_loss_to_another) {
	table on;
	on.sk.skc_state = TCP_ESTABLISHED;
	on.with("tag", option(8, 8, 200));
	EXPECT_THAT(on(BPF_SOCK_OPS_HDR_OPT_LEN_CB, {.room = 4}), SpoiledNothing());
}

TEST(spoiled, an_option_set_over_that_of_another) {
	table on;
	const auto sets = [](int value) {
		return [value](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
				(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_SNDCWND_CLAMP, &value, sizeof value);
			return 1;
		};
	};
	on.with("tune", sets(40)).with("web", sets(10)).with("same", sets(10)).with("bad", sets(-1));
	const fired answer = on(BPF_SOCK_OPS_TCP_CONNECT_CB);
	EXPECT_THAT(texts(answer), ElementsAre("web set TCP_BPF_SNDCWND_CLAMP=10 over the 40 of tune"));
	EXPECT_THAT(answer, ReplacedOption("tune", "web"));
	ASSERT_EQ(answer.options_set.size(), 4u);
	EXPECT_STREQ(answer.options_set[1].prog->name, "web");
}

TEST(spoiled, a_recorder_and_explain_tell_it_as_well) {
	table on;
	on.replies("tune", 25).replies("sample", -1);
	recorder seen(on.in);
	(void)tcp_hook<traced<>>::tcp_timeout_init(&on.sk);
	ASSERT_EQ(seen.calls().size(), 1u);
	EXPECT_THAT(seen.calls()[0], ReplacedReply("tune", "sample"));
	EXPECT_THAT(seen.explain(0),
				HasSubstr("sample replaced the reply 25 of tune by -1, which is none: 1 s is used.\n"));
}

} // namespace
