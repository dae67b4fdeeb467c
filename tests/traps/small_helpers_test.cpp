// SPDX-License-Identifier: MIT
// Helpers for the kind of a socket, time, chance, the processor and messages.

#include <atomic>
#include <cstring>
#include <latch>
#include <set>
#include <thread>

#include <sockops/testing/program_output.hpp>

#include "support.hpp"

namespace {

using namespace trap_test;

/// A context of an ordinary call, to hand to helpers.
struct small_helpers : ::testing::Test {
	one_socket on;
	bpf_sock_ops_kern ctx{};
	bpf_sock_ops skops{ctx};

	small_helpers() {
		ctx.sk = &on.sk;
		ctx.op = BPF_SOCK_OPS_RTT_CB;
		ctx.is_fullsock = ctx.is_locked_tcp_sock = 1;
	}
};
using kinds_of_sockets = small_helpers;
using cookies = small_helpers;
using clocks = small_helpers;
using printk = small_helpers;

TEST_F(kinds_of_sockets, are_told_by_state_protocol_and_family) {
	sock_common* const sk = &on.sk;
	EXPECT_EQ(bpf_tcp_sock(sk), &on.sk);
	EXPECT_EQ(bpf_skc_to_tcp_sock(sk), &on.sk);
	EXPECT_EQ(bpf_skc_to_tcp6_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp_timewait_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp_request_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_udp6_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_unix_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_mptcp_sock(sk), nullptr);
	on.sk.skc_family = af_inet6;
	EXPECT_EQ(bpf_skc_to_tcp6_sock(sk), &on.sk);
	on.sk.sk_protocol = 17;
	EXPECT_EQ(bpf_tcp_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp6_sock(sk), nullptr);
	EXPECT_EQ(bpf_skc_to_udp6_sock(sk), &on.sk);
	on.sk.skc_family = af_inet;
	EXPECT_EQ(bpf_skc_to_udp6_sock(sk), nullptr);
	on.sk.skc_family = 1;
	EXPECT_EQ(bpf_skc_to_unix_sock(sk), &on.sk);
}
TEST_F(kinds_of_sockets, requests_and_time_wait_sockets_are_only_what_they_are) {
	request_sock req;
	inet_reqsk_init(req, &on.sk, on.in);
	inet_timewait_sock tw;
	for (sock_common* const sk : {static_cast<sock_common*>(&req), static_cast<sock_common*>(&tw)}) {
		sk->skc_family = af_inet6;
		EXPECT_EQ(bpf_tcp_sock(sk), nullptr);
		EXPECT_EQ(bpf_skc_to_tcp6_sock(sk), nullptr);
		EXPECT_EQ(bpf_skc_to_udp6_sock(sk), nullptr);
		sk->skc_family = 1;
		EXPECT_EQ(bpf_skc_to_unix_sock(sk), nullptr);
	}
	EXPECT_EQ(bpf_skc_to_tcp_request_sock(&req), &req);
	EXPECT_EQ(bpf_skc_to_tcp_request_sock(&tw), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp_timewait_sock(&tw), &tw);
	EXPECT_EQ(bpf_skc_to_tcp_timewait_sock(&req), nullptr);
}
TEST_F(kinds_of_sockets, null_is_of_no_kind) {
	EXPECT_EQ(bpf_tcp_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp6_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp_timewait_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_tcp_request_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_udp6_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_unix_sock(nullptr), nullptr);
	EXPECT_EQ(bpf_skc_to_mptcp_sock(nullptr), nullptr);
}

TEST_F(cookies, without_a_context_the_namespace_is_the_first) {
	on.in.net_cookie = 7;
	EXPECT_EQ(bpf_get_netns_cookie(skops), 7u);
	EXPECT_EQ(bpf_get_netns_cookie(nullptr), 1u);
	request_sock req;
	inet_reqsk_init(req, nullptr, on.in);
	ctx.sk = &req;
	EXPECT_EQ(bpf_get_netns_cookie(skops), 7u);
}

TEST_F(clocks, count_from_the_nets_own) {
	static constexpr u64 now = 10'007'999'999;
	on.in.sources.ktime_get_ns = [](void*) { return now; };
	on.in.sources.suspended_ns = 5'000;
	on.in.sources.tai_offset_ns = 37'000'000'000;
	EXPECT_EQ(bpf_ktime_get_ns(skops), now);
	EXPECT_EQ(bpf_ktime_get_boot_ns(skops), now + 5'000);
	EXPECT_EQ(bpf_ktime_get_tai_ns(skops), now + 37'000'000'000);
	EXPECT_EQ(bpf_ktime_get_coarse_ns(skops), 10'004'000'000u) << "250 ticks a second";
	EXPECT_EQ(bpf_jiffies64(skops), 2501u);
	on.in.profile.hz = 1000;
	EXPECT_EQ(bpf_ktime_get_coarse_ns(skops), 10'007'000'000u);
	EXPECT_EQ(bpf_jiffies64(skops), 10'007u);
}
TEST_F(clocks, chance_repeats_with_the_nets_seed) {
	net same({}, {.seed = 99}), again({}, {.seed = 99}), other({}, {.seed = 100});
	tcp_sock tp;
	ctx.sk = &tp;
	const auto drawn = [&](net& in) {
		tp.skc_net = &in;
		std::vector<u32> numbers;
		for (int i = 0; i != 8; ++i)
			numbers.push_back(bpf_get_prandom_u32(skops));
		return numbers;
	};
	const std::vector<u32> first = drawn(same);
	EXPECT_EQ(first, drawn(again));
	EXPECT_NE(first, drawn(other));
}

TEST(processor_id, is_0_alone_and_no_two_threads_share_one) {
	const u32 mine = bpf_get_smp_processor_id();
	EXPECT_EQ(mine, 0u);
	std::vector<u32> numbers(8);
	{
		std::latch all(8);
		std::vector<std::thread> threads;
		for (u32& number : numbers)
			threads.emplace_back([&] {
				number = bpf_get_smp_processor_id();
				EXPECT_EQ(number, bpf_get_smp_processor_id());
				all.arrive_and_wait();
			});
		for (std::thread& each : threads)
			each.join();
	}
	const std::set<u32> different(numbers.begin(), numbers.end());
	EXPECT_EQ(different, (std::set<u32>{1, 2, 3, 4, 5, 6, 7, 8}));
	std::thread([] { EXPECT_EQ(bpf_get_smp_processor_id(), 1u) << "a number is given again"; }).join();
}

/// Asks when the thread's own number has been given back: made before it, so destroyed after it.
struct asks_late {
	std::atomic<u32>* answer = nullptr;
	~asks_late() {
		if (answer)
			*answer = bpf_get_smp_processor_id();
	}
};

TEST(processor_id, a_destructor_after_the_threads_end_shares_the_last_number) {
	EXPECT_EQ(bpf_get_smp_processor_id(), 0u); // this thread's
	std::atomic<u32> late = 0;
	std::thread([&] {
		thread_local asks_late at_end;
		at_end.answer = &late;
		EXPECT_EQ(bpf_get_smp_processor_id(), 1u);
	}).join();
	EXPECT_EQ(late, max_processors - 1);
}

struct lines {
	explicit lines(net& in) : said(in) {}
	sockops::testing::program_output said;
	std::vector<std::string>& all = said.lines;
	std::string take() { return all.empty() ? "" : std::exchange(all, {}).back(); }
};

TEST_F(printk, writes_what_the_kernel_would) {
	lines to(on.in);
	EXPECT_EQ(bpf_trace_printk(skops, "op %u, %d of %x\n", +skops.op, -3, 0xabcu), 17);
	EXPECT_EQ(to.take(), "op 12, -3 of abc\n");
	EXPECT_EQ(bpf_trace_printk(skops, "%lld|%llu|%5d", s64{-1}, ~u64{0}, 7), 29);
	EXPECT_EQ(to.take(), "-1|18446744073709551615|    7");
	EXPECT_EQ(bpf_trace_printk(skops, "%s and %c, 100%%", "text", 'x'), 16);
	EXPECT_EQ(to.take(), "text and x, 100%");
	EXPECT_EQ(bpf_trace_printk(skops, "%d", u64{1} << 32), 1) << "%d is of 32 bits";
	EXPECT_EQ(to.take(), "0");
	const u8 ip4[] = {10, 0, 0, 7}, ip6[16] = {0x20, 1, 0x0d, 0xb8};
	(void)bpf_trace_printk(skops, "%pI4 %pi4", ip4, ip4);
	EXPECT_EQ(to.take(), "10.0.0.7 010.000.000.007");
	(void)bpf_trace_printk(skops, "%pI6 %pi6", ip6, ip6);
	EXPECT_EQ(to.take(), "2001:0db8:0000:0000:0000:0000:0000:0000 20010db8000000000000000000000000");
	(void)bpf_trace_printk(skops, "%p %px %pS", u64{0x1234}, u64{0x1234}, u64{0x1234});
	EXPECT_EQ(to.take(), "0000000000001234 0000000000001234 0x1234");
}
TEST_F(printk, a_format_that_is_refused_writes_nothing) {
	lines to(on.in);
	for (const char* const fmt :
		 {"%d %d %d %d", "%.3d", "%#x", "%f", "%n", "%", "%5", "%hd", "%pM", "%pI5", "\x1b[m"})
		EXPECT_EQ(bpf_trace_printk(skops, fmt, 1, 2, 3), -EINVAL) << fmt;
	const u64 args[max_trace_printk_varargs] = {};
	EXPECT_EQ(bpf_trace_printk_args(skops, "abc", 3, args), -EINVAL) << "no NUL within its size";
	EXPECT_EQ(bpf_trace_printk_args(skops, "", 0, args), -EINVAL);
	EXPECT_TRUE(to.all.empty());
}
TEST_F(printk, a_long_line_is_cut_and_its_whole_length_returned) {
	lines to(on.in);
	EXPECT_EQ(bpf_trace_printk(skops, "%1100d|", 7), 1101);
	EXPECT_EQ(to.take(), std::string(max_bprintf_buf - 1, ' '));
	char small[6];
	const u64 args[] = {12345};
	EXPECT_EQ(bpf_format(small, sizeof small, "<%d>", 5, args, 1), 7);
	EXPECT_STREQ(small, "<1234");
}
TEST_F(printk, goes_to_stderr_unless_an_observer_keeps_it) {
	struct deaf final : net_observer {
	} also;
	const net_watch watching(on.in, also);
	::testing::internal::CaptureStderr();
	EXPECT_EQ(bpf_trace_printk(skops, "one"), 3);
	EXPECT_EQ(bpf_trace_printk(skops, "two\n"), 4);
	const lines kept(on.in);
	EXPECT_EQ(bpf_trace_printk(skops, "three"), 5);
	EXPECT_EQ(::testing::internal::GetCapturedStderr(), "bpf_trace_printk: one\nbpf_trace_printk: two\n");
}

} // namespace
