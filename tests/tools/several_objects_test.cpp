// SPDX-License-Identifier: MIT
// object_test with several objects, each with its cgroup: whose a name is, and what they take from each
// other.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>
#include <sockops/testing/object_test.hpp>

#include "message_of.hpp"

namespace {

using namespace sockops;
using namespace sockops::testing;
using ::testing::AllOf, ::testing::HasSubstr, ::testing::Not;

struct three : ::testing::Test, object_test {
	three() : object_test({{WIDE_OBJECT}, {OBSERVER_OBJECT, "/web"}, {OBSERVER_OBJECT, "/web", "second"}}) {}
};

TEST_F(three, each_is_attached_to_its_own_cgroup) {
	global("observer:denies").set(u8{0});
	global("second:denies").set(u8{0});
	attach();
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, socket({.state = TCP_LISTEN}));
	EXPECT_EQ(map("observer:seen")[BPF_SOCK_OPS_TCP_LISTEN_CB], 0);
	const fired answer = fire(BPF_SOCK_OPS_TCP_LISTEN_CB, socket({.state = TCP_LISTEN, .cgroup = "/web"}));
	EXPECT_EQ(map("observer:seen")[BPF_SOCK_OPS_TCP_LISTEN_CB], 1);
	EXPECT_EQ(map("second:seen")[BPF_SOCK_OPS_TCP_LISTEN_CB], 1);
	ASSERT_EQ(answer.call.steps.size(), 6u) << "four of /web, then two of the root";
	EXPECT_EQ(answer.call.steps[0].prog, prog("observer:observer").get());
	EXPECT_EQ(answer.call.steps[2].prog, prog("second:observer").get());
	EXPECT_EQ(answer.call.steps[4].prog, prog("wide").get());
}

TEST_F(three, a_name_that_several_have_needs_the_objects) {
	attach();
	EXPECT_EQ(message_of([&] { (void)map("seen"); }),
			  "several objects have a map 'seen': say 'run_wide:seen' or 'observer:seen' or 'second:seen'");
	EXPECT_EQ(map("entered").size(), 8u) << "only one has it";
	EXPECT_EQ(message_of([&] { (void)global("first"); }),
			  "no object has a variable 'first': there are run_wide, observer, second");
	EXPECT_EQ(message_of([&] { (void)map("thrid:seen"); }),
			  "no object 'thrid': there are run_wide, observer, second");
	EXPECT_EQ(message_of([&] { (void)object(); }), "which object? There are run_wide, observer, second");
	EXPECT_THAT(message_of([&] { attach("/", "observer"); }),
				HasSubstr("say 'observer:observer' or 'second:observer'"));
	EXPECT_EQ(object("second").map("seen").size(), 32u);
	EXPECT_EQ(global("first_window"), 20);
}

TEST_F(three, a_reply_may_survive_or_not) {
	attach("/", "wide");
	attach("/web", "observer:observer");
	tcp_sock &safe = socket({.state = TCP_SYN_SENT}),
			 &lost = socket({.state = TCP_SYN_SENT, .cgroup = "/web"});
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, safe), AllOf(ReplySurvived("wide"), SpoiledNothing()));
	const fired answer = fire(BPF_SOCK_OPS_RWND_INIT, lost);
	EXPECT_EQ(answer.answered_by, "") << "it is discarded";
	EXPECT_THAT(answer, AllOf(Not(ReplySurvived("wide")), DiscardedReply("run_wide:wide", "observer")));
	EXPECT_EQ(answer.spoiled.at(0).text, "observer:observer returned 0: the reply 20 of wide is "
										 "discarded, the stack's default window is used");
	EXPECT_THAT(fire(BPF_SOCK_OPS_TCP_CONNECT_CB, lost),
				ReplacedOption("observer:observer", "run_wide:wide"));
	lost.skc_state = TCP_ESTABLISHED;
	EXPECT_THAT(fire(BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, lost), TookFlags("wide", "observer"));
}

TEST_F(three, the_reply_is_that_of_one_object_where_two_have_such_a_program) {
	attach("/", "second:sample");
	const fired answer = fire(BPF_SOCK_OPS_RWND_INIT, socket({.state = TCP_SYN_SENT}));
	EXPECT_THAT(answer, AllOf(ReplySurvived("second:sample"), ReplySurvived("sample")));
	EXPECT_THAT(answer, AllOf(Not(ReplySurvived("observer:sample")), Not(ReplySurvived("wide"))));
	EXPECT_EQ(answer.answered_by, "second:sample");
}

TEST(several_objects, what_they_take_from_each_other_while_a_timeline_is_played) {
	object_test on({{WIDE_OBJECT}, {OBSERVER_OBJECT, "/client"}});
	on.attach();
	const played_programs seen = on.play("\t+0 server listen\n\t+0 client connect\n\t+10ms wait\n");
	EXPECT_THAT(seen, AllOf(DiscardedReply("wide", "observer"), TookFlags("wide", "observer"),
							ReplacedOption("observer", "wide"), ChangedArgument("wide", "sample")));
	EXPECT_EQ(seen.spoiled.at(0).who, side::client);
	EXPECT_EQ(seen.spoiled.at(0).time_ns, 0u);
	EXPECT_THAT(seen, Not(DiscardedReply("observer", "wide")));
}

TEST(several_objects, share_what_they_pin_and_have_the_hz_of_the_net) {
	const object_options with{.kconfig = {{"CONFIG_NR_CPUS", "3"}}};
	net_profile profile;
	profile.hz = 1000;
	object_test first({{JIFFIES_OBJECT}, {JIFFIES_OBJECT}}, profile, with), second(JIFFIES_OBJECT, {}, with);
	for (object_test* const each : {&first, &second})
		each->attach();
	EXPECT_THAT(first.fire(BPF_SOCK_OPS_TIMEOUT_INIT, first.socket({.state = TCP_SYN_SENT})), Replies(200));
	EXPECT_THAT(second.fire(BPF_SOCK_OPS_TIMEOUT_INIT, second.socket({.state = TCP_SYN_SENT})), Replies(50));
	EXPECT_EQ(first.map("jiffies:calls_by_cpus")[3], 2);
	EXPECT_EQ(first.map("jiffies#2:calls_by_cpus")[3], 2);
	EXPECT_EQ(second.map("calls_by_cpus")[3], 1) << "another test's";
}

TEST(several_objects, have_names_of_their_own) {
	EXPECT_THAT(message_of([] {
					object_test({{WIDE_OBJECT, "/", "a"}, {WIDE_OBJECT, "/", "a"}});
				}),
				"two objects are called 'a'");
	EXPECT_THAT(message_of([] { object_test({{WIDE_OBJECT, "/", "a:b"}}); }), HasSubstr("'a:b'"));
	EXPECT_THAT(message_of([] {
					object_test({{WIDE_OBJECT, "web", "w"}});
				}),
				"'web' is no cgroup: it is a path from the root, as / or /web/api");
	object_test twice({{WIDE_OBJECT}, {WIDE_OBJECT}});
	EXPECT_NO_THROW((void)twice.object("run_wide#2"));
}

} // namespace
