// SPDX-License-Identifier: MIT
// object_test: what a test of an object's programs is given.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>
#include <sockops/testing/object_test.hpp>
#include <sockops/vm/fault.hpp>

#include "message_of.hpp"

namespace {

using namespace sockops;
using namespace sockops::testing;
using namespace std::chrono_literals;
using ::testing::ContainsRegex, ::testing::ElementsAre, ::testing::HasSubstr, ::testing::Not;

struct kit : ::testing::Test, object_test {
	kit() : object_test(KIT_OBJECT) {}
};

TEST_F(kit, a_socket_is_what_its_fields_say) {
	attach("/", "kit");
	tcp_sock& sk = socket({.state = TCP_SYN_SENT,
						   .local_port = 4000,
						   .remote_ip = "10.1.2.3",
						   .remote_port = 80,
						   .cb_flags = BPF_SOCK_OPS_RTT_CB_FLAG,
						   .mss = 1400,
						   .snd_cwnd = 3,
						   .srtt_us = 1000,
						   .total_retrans = 5,
						   .bytes_acked = u64{1} << 40,
						   .bytes_received = 9});
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, sk), Replies(10));
	const typed_value seen = map("seen_in")[BPF_SOCK_OPS_RWND_INIT];
	EXPECT_EQ(seen["family"], 2);
	EXPECT_EQ(seen["local_port"], 4000);
	EXPECT_EQ(seen["remote_port"], 80);
	EXPECT_EQ(seen["remote_ip4"], 0x0302010a);
	EXPECT_EQ(seen["mss"], 1400);
	EXPECT_EQ(seen["snd_cwnd"], 3);
	EXPECT_EQ(seen["srtt_us"], 8000);
	EXPECT_EQ(seen["total_retrans"], 5);
	EXPECT_EQ(seen["bytes_acked"], u64{1} << 40);
	EXPECT_EQ(seen["bytes_received"], 9);
	EXPECT_EQ(sk.bpf_sock_ops_cb_flags, BPF_SOCK_OPS_RTT_CB_FLAG);
}

TEST_F(kit, addresses_may_be_ipv6) {
	attach("/", "kit");
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, socket({.state = TCP_LISTEN, .remote_ip = "fd00::1:2"}));
	const typed_value seen = map("seen_in")[BPF_SOCK_OPS_TCP_LISTEN_CB];
	EXPECT_EQ(seen["family"], 10);
	EXPECT_EQ(seen["last_word_of_ip6"], 0x02000100);
	EXPECT_EQ(message_of([&] { (void)socket({.remote_ip = "10.1.2"}); }),
			  "'10.1.2' is no address: 10.0.0.1 is one; both of a socket are of one family");
	EXPECT_THAT(message_of([&] { (void)socket({.local_ip = "::1", .remote_ip = "10.1.2.3"}); }),
				HasSubstr("'10.1.2.3' is no address: fd00::1 is one"));
}

TEST_F(kit, a_request_becomes_a_child_of_its_listener) {
	attach("/web", "kit");
	tcp_sock& listener = socket({.state = TCP_LISTEN, .local_port = 80, .cgroup = "/web"});
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, listener);
	request_sock& syn = request(listener, {.local_port = 80, .remote_ip = "10.1.2.3", .mss = 1300});
	EXPECT_THAT(fire(BPF_SOCK_OPS_RWND_INIT, syn), Replies(20));
	EXPECT_EQ(map("seen_in")[BPF_SOCK_OPS_RWND_INIT]["is_fullsock"], 0);
	tcp_sock& sk = child(listener, syn);
	EXPECT_EQ(sk.skc_state, TCP_SYN_RECV);
	EXPECT_THAT(fire(BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, sk), Allowed());
	EXPECT_EQ(map("seen_in")[BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB]["mss"], 1300);
	EXPECT_TRUE(has_storage("since", sk)) << "a clone of the listener's";
}

TEST_F(kit, the_clock_is_the_programs) {
	attach("/", "kit");
	tcp_sock& sk = socket({.state = TCP_LISTEN});
	EXPECT_FALSE(has_storage("since", sk));
	EXPECT_THAT(message_of([&] { (void)storage("since", sk); }),
				HasSubstr("map 'since' has no value for the socket"));
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, sk);
	const u64 first = storage("since", sk).as<u64>();
	clock.advance(20ms);
	(void)fire(BPF_SOCK_OPS_TCP_LISTEN_CB, sk);
	EXPECT_EQ(storage("since", sk), first + 20'000'000);
}

TEST_F(kit, header_options_go_both_ways) {
	attach("/", "kit");
	tcp_sock& sk = socket();
	EXPECT_THAT(fire(BPF_SOCK_OPS_HDR_OPT_LEN_CB, sk), ReservedBytes(8));
	EXPECT_THAT(fire(BPF_SOCK_OPS_WRITE_HDR_OPT_CB, sk, {.room = 8}),
				WroteOptions({253, 5, 0xeb, 0x9f, 7, 1, 1, 1}));
	(void)fire(BPF_SOCK_OPS_PARSE_HDR_OPT_CB, sk, {.skb = &segment({1, 1, 253, 5, 0xeb, 0x9f, 42})});
	(void)fire(BPF_SOCK_OPS_PARSE_HDR_OPT_CB, sk);
	const auto all = records("heard", "struct heard");
	ASSERT_EQ(all.size(), 2u);
	EXPECT_EQ(all[0].text(), "{op = 13, length = 5, data = 42}");
	EXPECT_EQ(all[1]["length"], -ENOMSG);
	EXPECT_TRUE(records("heard").empty()) << "they were taken out";
	EXPECT_THAT(message_of([&] { (void)segment(std::vector<u8>(41)); }), HasSubstr("has room for 40"));
}

TEST_F(kit, lines_are_kept_by_fire_and_play) {
	attach("/server", "kit");
	EXPECT_THAT(
		fire(BPF_SOCK_OPS_TCP_LISTEN_CB, socket({.state = TCP_LISTEN, .local_port = 7, .cgroup = "/server"})),
		Printed("listens on 7"));
	const played_programs seen = play("\t+0 server listen\n\t\tserver: TCP_LISTEN\n");
	EXPECT_THAT(seen, WentAsWritten());
	EXPECT_THAT(seen.printk[static_cast<int>(side::server)], ElementsAre("listens on 20816"));
	EXPECT_THAT(seen.printk[static_cast<int>(side::client)], ElementsAre());
	EXPECT_THAT(seen.faults, ElementsAre());
}

TEST_F(kit, all_programs_of_the_file_are_attached_in_order) {
	attach();
	const fired answer = fire(BPF_SOCK_OPS_RWND_INIT, socket({.state = TCP_SYN_SENT}));
	EXPECT_THAT(answer, Denied());
	ASSERT_EQ(answer.call.steps.size(), 2u);
	EXPECT_STREQ(answer.call.steps[0].prog->name, "kit");
	EXPECT_STREQ(answer.call.steps[1].prog->name, "refuse");
}

TEST_F(kit, what_the_object_has_not_is_an_error_in_words) {
	EXPECT_THAT(message_of([&] { attach("/", "tune"); }),
				HasSubstr("no sock_ops program 'tune': it has kit, refuse"));
	EXPECT_THAT(message_of([&] { (void)map("conns"); }), HasSubstr("no map 'conns'"));
	EXPECT_THAT(message_of([&] { (void)records("seen_in"); }), HasSubstr("has no records"));
	EXPECT_THAT(message_of([&] { (void)storage("seen_in", socket()); }), HasSubstr("SK_STORAGE"));
	EXPECT_THAT(message_of([&] { object_test("nowhere.bpf.o"); }), HasSubstr("nowhere.bpf.o"));
}

TEST(object_test_faults, are_of_programs_that_are_refused_unless_they_are_run_unchecked) {
	object_test on(STOPPED_OBJECT);
	EXPECT_THAT(message_of([&] { on.attach(); }),
				ContainsRegex("stopped: instruction 9 .stopped.bpf.c:22, .*may be NULL\n  remedy: "));
}

TEST(object_test_faults, are_told_with_the_line_and_by_the_thread_that_runs) {
	object_test on(STOPPED_OBJECT, {}, {.unchecked = true});
	on.attach();
	tcp_sock& sk = on.socket({.state = TCP_SYN_SENT});
	const fired answer = on.fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk);
	EXPECT_THAT(answer, Not(RanThrough()));
	ASSERT_EQ(answer.faults.size(), 1u);
	EXPECT_THAT(answer.faults[0], HasSubstr("stopped.bpf.c:22, '++*times;'"));
	EXPECT_THAT(::testing::PrintToString(answer), HasSubstr("STOPPED: stopped: instruction"));
	EXPECT_THAT(on.fire(BPF_SOCK_OPS_RWND_INIT, sk), RanThrough());
	const played_programs seen = on.play("\t+0 server listen\n\t+0 client connect\n");
	ASSERT_EQ(seen.faults.size(), 1u);
	EXPECT_THAT(::testing::PrintToString(seen), HasSubstr("stopped.bpf.c:22"));
}

TEST(object_test_faults, are_told_to_all_observers_and_printed_if_none_keeps_them) {
	struct counts final : net_observer {
		int told = 0;
		bool fault(const bpf_fault&) override { return ++told, false; }
	} mine;
	object_test on(STOPPED_OBJECT, {}, {.unchecked = true});
	on.attach();
	const net_watch watching(on.in, mine);
	tcp_sock& sk = on.socket({.state = TCP_SYN_SENT});
	::testing::internal::CaptureStderr();
	EXPECT_THAT(on.fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk).faults, ::testing::SizeIs(1));
	EXPECT_THAT(fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk).faults, ::testing::SizeIs(1));
	EXPECT_EQ(mine.told, 2);
	EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
	::testing::internal::CaptureStderr();
	tcp_call_bpf(&sk, BPF_SOCK_OPS_TCP_CONNECT_CB, 0, nullptr);
	EXPECT_EQ(mine.told, 3);
	EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("program stopped: stopped: instruction"));
}

} // namespace
