// SPDX-License-Identifier: MIT
// The timeline that sockops-run plays unless it is given one: it comes to its end whatever a program replies,
// and whichever option it sets at whichever op.
#include <gtest/gtest.h>

#include <cstring>

#include <sockops/bpf/uapi.hpp>
#include <sockops/hook/sockopt.hpp>
#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>
#include <tools/sockops_run/chosen_timeline.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

const timeline& builtin() {
	static const timeline parsed = timeline::parse(sockops_run::builtin_timeline);
	return parsed;
}

/// Plays it around a program with all flags; what went wrong, or "".
template <class Program>
std::string play_around(Program program) {
	const cgroup_root root;
	const bpf_link link(*root, make_bpf_prog("any", [&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			(void)bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_ALL_CB_FLAGS);
		program(skops);
		return 1;
	}));
	try {
		const played seen = play(builtin(), root);
		bool accepted = false;
		for (const played_interval& each : seen.intervals)
			for (const seen_call& call : each.calls[1])
				accepted |= call.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
		return accepted ? "" : "nothing was accepted";
	} catch (const std::exception& error) {
		return error.what();
	}
}

/// How many replies, from `first` on, it does not suit.
unsigned unsuited(u32 op, s64 first, s64 last) {
	unsigned count = 0;
	for (s64 reply = first; reply <= last; ++reply) {
		const std::string wrong = play_around([op, reply](bpf_sock_ops& skops) {
			if (skops.op == op)
				skops.reply = static_cast<u32>(reply);
		});
		EXPECT_EQ(wrong, "") << "reply " << reply << " to op " << op;
		if (!wrong.empty() && ++count == 3)
			break;
	}
	return count;
}

TEST(builtin_timeline, suits_every_timeout) {
	EXPECT_EQ(unsuited(BPF_SOCK_OPS_TIMEOUT_INIT, -2, 2000), 0u); // the case: 750, 3 s
	for (s64 jiffies = 2000; jiffies < 31'000; jiffies += 500)    // 30,000 is TCP_RTO_MAX, 120 s
		EXPECT_EQ(unsuited(BPF_SOCK_OPS_TIMEOUT_INIT, jiffies, jiffies + 1), 0u);
}

TEST(builtin_timeline, suits_every_window_and_answer_about_ecn) {
	EXPECT_EQ(unsuited(BPF_SOCK_OPS_RWND_INIT, -2, 300), 0u);
	EXPECT_EQ(unsuited(BPF_SOCK_OPS_NEEDS_ECN, -2, 2), 0u);
	EXPECT_EQ(unsuited(BPF_SOCK_OPS_BASE_RTT, -2, 2), 0u);
	for (const u32 op : {BPF_SOCK_OPS_TIMEOUT_INIT, BPF_SOCK_OPS_RWND_INIT, BPF_SOCK_OPS_NEEDS_ECN})
		for (s64 bit = 1; bit <= s64{1} << 32; bit *= 2)
			EXPECT_EQ(unsuited(op, bit - 1, bit), 0u);
}

TEST(builtin_timeline, suits_every_option_at_every_op) {
	unsigned plays = 0, ended = 0;
	for (const sockopt_info& option : sockopts())
		for (const op_info& at : op_table)
			for (const int value : {-1, 0, 1, 2, 40, 1000, 100'000, 0x7fffffff}) {
				const std::string wrong = play_around([&](bpf_sock_ops& skops) {
					if (skops.op == at.op)
						(void)bpf_setsockopt(skops, option.level, option.optname, &value, sizeof value);
				});
				++plays;
				// One may give up before the SYN that is lost comes again.
				const bool gives_up = option.level == sol::tcp && option.optname == tcp_option::user_timeout;
				const bool ends = wrong.find("no connection has come") != wrong.npos;
				ended += ends;
				EXPECT_TRUE(wrong.empty() || (gives_up && ends))
					<< option.name << " = " << value << " in " << at.name << ": " << wrong;
			}
	std::printf("options of the built-in timeline: plays=%u without a connection=%u\n", plays, ended);
	EXPECT_GT(plays, 5000u);
	EXPECT_GT(ended, 0u);
}

} // namespace
