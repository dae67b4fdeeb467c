// SPDX-License-Identifier: MIT
// Timelines played by the library's small TCP: all that were recorded from a kernel, and a user's own.

#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/play.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

std::vector<std::string> recorded_timelines() {
	std::vector<std::string> all;
	for (const auto& entry : std::filesystem::directory_iterator(SOCKOPS_TIMELINES))
		if (entry.path().extension() == ".timeline")
			all.push_back(entry.path().string());
	std::sort(all.begin(), all.end());
	return all;
}

played play_alone(const timeline& what) {
	const cgroup_root root;
	return play(what, root);
}

bool same(const seen_call& a, const seen_call& b) {
	return a.time_ns == b.time_ns && a.op == b.op && a.is_fullsock == b.is_fullsock && a.state == b.state &&
		   std::equal(a.args, a.args + 4, b.args) && a.cb_flags == b.cb_flags && a.skb_len == b.skb_len &&
		   a.skb_tcp_flags == b.skb_tcp_flags && a.family == b.family;
}

bool same(const played& a, const played& b) {
	return std::equal(a.intervals.begin(), a.intervals.end(), b.intervals.begin(), b.intervals.end(),
					  [](const played_interval& one, const played_interval& other_one) {
						  for (int who : {0, 1})
							  if (!std::equal(one.calls[who].begin(), one.calls[who].end(),
											  other_one.calls[who].begin(), other_one.calls[who].end(),
											  [](const auto& x, const auto& y) { return same(x, y); }))
								  return false;
						  return true;
					  });
}

TEST(play, recorded_timelines_come_out_as_the_kernel_played_them) {
	const std::vector<std::string> all = recorded_timelines();
	ASSERT_GT(all.size(), 50u);
	std::size_t different = 0;
	for (const std::string& path : all) {
		const played result = play_alone(timeline::parse_file(path));
		different += !result.differences.empty();
		EXPECT_TRUE(result.differences.empty()) << path << ": " << result.report();
	}
	std::printf("timelines=%zu different=%zu\n", all.size(), different);
}

TEST(play, ops_fire_in_the_states_of_their_rows) {
	for (const std::string& path : recorded_timelines())
		for (const played_interval& each : play_alone(timeline::parse_file(path)).intervals)
			for (const auto& calls : each.calls)
				for (const seen_call& call : calls)
					EXPECT_NE(op_table[call.op].states >> call.state & 1, 0)
						<< path << ": " << call.text() << " in " << tcp_state_name(call.state);
}

/// What a program sees of random numbers and of time.
std::vector<u64> numbers_seen(const timeline& what, u64 seed) {
	const cgroup_root root;
	std::vector<u64> seen;
	const bpf_link mine(*root, make_bpf_prog("numbers", [&](bpf_sock_ops& skops) {
		for (const u64 each :
			 {u64{skops.snd_nxt}, u64{skops.rcv_nxt}, u64{skops.sk_txhash}, bpf_ktime_get_ns(skops)})
			seen.push_back(each);
		return 1;
	}));
	(void)play(what, root, {seed});
	return seen;
}

TEST(play, recorded_timelines_come_out_alike_twice) {
	for (const std::string& path : recorded_timelines()) {
		const timeline what = timeline::parse_file(path);
		EXPECT_TRUE(same(play_alone(what), play_alone(what))) << path;
		EXPECT_EQ(numbers_seen(what, 1), numbers_seen(what, 1)) << path;
	}
}

TEST(play, another_seed_gives_other_numbers) {
	const timeline what = timeline::parse("\t+0 server listen\n\t+0 client connect\n\t+1s wait\n");
	EXPECT_NE(numbers_seen(what, 1), numbers_seen(what, 2));
}

TEST(play, expectations_have_no_influence) {
	for (const std::string& path : recorded_timelines()) {
		timeline without = timeline::parse_file(path);
		const played with = play_alone(without);
		for (timeline_event& event : without.events)
			event.expect = {};
		const played bare = play_alone(without);
		EXPECT_TRUE(same(with, bare)) << path;
		EXPECT_TRUE(bare.differences.empty());
	}
}

TEST(play, another_family_gives_the_same_calls) {
	const char* const text =
		"\tprogram flags 0x7f\n\tprogram reserve 4\n\t+0 server listen\n\t+0 client connect\n"
		"\t+10ms client send 100\n\t+10ms wait\n";
	timeline what = timeline::parse(text);
	const std::string ipv4 = play_alone(what).trace(what);
	what.settings.ipv6 = true;
	const played ipv6 = play_alone(what);
	EXPECT_EQ(ipv6.trace(what), ipv4);
	EXPECT_EQ(ipv6.intervals[1].calls[0].at(0).family, af_inet6);
}

TEST(play, a_wrong_expectation_is_reported_with_what_differed) {
	const timeline what =
		timeline::parse("\tprogram flags 0xf\n"
						"\t+0 client connect\n"
						"\t\tclient: TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN STATE(2>1)\n"
						"\t\tserver: nothing\n"
						"\t+1s wait\n");
	const played result = play_alone(what);
	ASSERT_EQ(result.differences.size(), 1u);
	EXPECT_EQ(result.differences[0].line, 3u);
	EXPECT_EQ(result.differences[0].who, side::client);
	EXPECT_EQ(result.report(),
			  "line 3, client, after '+0 client connect': call 5 of the interval is another\n"
			  "  expected  TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN >STATE(2>1)\n"
			  "  seen      TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN >STATE(2>7)\n");
}

TEST(play, a_missing_and_an_extra_call_are_reported) {
	const timeline what = timeline::parse("\t+0 client connect\n"
										  "\t\tclient: TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTT\n"
										  "\t\tserver: nothing\n"
										  "\t+0 server listen\n"
										  "\t\tserver: nothing\n");
	const played result = play_alone(what);
	ASSERT_EQ(result.differences.size(), 2u);
	EXPECT_NE(result.differences[0].what.find(">nothing more"), std::string::npos);
	EXPECT_NE(result.differences[1].what.find(">TCP_LISTEN"), std::string::npos);
}

/// As a kernel does in eight of ten runs: what one send() has sent takes more room at the server than what
/// was sent and acknowledged piece by piece, its window grows less often, and it acknowledges less often at
/// once.
TEST(play, what_the_client_still_keeps_takes_more_room_at_the_server) {
	const timeline what =
		timeline::parse("\tprogram flags 0x7f\n\toption client TCP_NODELAY 1\n"
						"\t+0 server listen\n\t+0 client connect\n\t+50ms server accept\n"
						"\t+50ms client send 14000\n\t+50ms server read\n"
						"\t+50ms client send 12000\n\t+50ms client send 12000\n"
						"\t\tserver: HDR_OPT_LEN HDR_OPT_LEN HDR_OPT_LEN PARSE_HDR_OPT HDR_OPT_LEN\n"
						"\t+500ms wait\n");
	EXPECT_EQ(play_alone(what).report(), "");
}

TEST(play, a_users_own_program_decides) {
	const cgroup_root root;
	u32 timeouts = 0;
	const bpf_link mine(root.make("/client"), make_bpf_prog("mine", [&](bpf_sock_ops& skops) {
							if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
								bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTO_CB_FLAG);
							if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
								skops.reply = 25;
							timeouts += skops.op == BPF_SOCK_OPS_RTO_CB;
							return 1;
						}));
	ASSERT_TRUE(mine);
	const timeline what =
		timeline::parse("\t+0 server listen\n"
						"\t+0 link drop client syn 2\n"
						"\t+0 client connect\n"
						"\t\tclient: TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN RTO(0,25,0)\n"
						"\t\tclient: TIMEOUT_INIT TIMEOUT_INIT RTO(1,25,0) TIMEOUT_INIT\n"
						"\t\tclient: ACTIVE_ESTABLISHED\n"
						"\t\tserver: RWND_INIT* TIMEOUT_INIT* NEEDS_ECN* PASSIVE_ESTABLISHED\n"
						"\t+1s wait\n");
	EXPECT_EQ(play(what, root).report(), "");
	EXPECT_EQ(timeouts, 2u);
}

TEST(play, sockets_of_both_sides_have_cookies_of_their_own_as_on_one_machine) {
	const cgroup_root root;
	std::set<u64> cookies;
	bpf_link link(*root, make_bpf_prog("cookies", [&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
			cookies.insert(bpf_get_socket_cookie(skops));
		return 1;
	}));
	(void)play(timeline::parse_file(SOCKOPS_TIMELINES "/plain.timeline"), root);
	EXPECT_EQ(cookies.size(), 2u);
}
TEST(play, delay_makes_round_trips) {
	const timeline what = timeline::parse("\tdelay 10ms\n\tprogram flags 0xf\n\t+0 server listen\n"
										  "\t+0 client connect\n"
										  "\t\tclient: TCP_CONNECT RWND_INIT TIMEOUT_INIT NEEDS_ECN\n"
										  "\t\tserver: nothing\n"
										  "\t+9ms wait\n\t\tclient: nothing\n"
										  "\t\tserver: RWND_INIT* TIMEOUT_INIT* NEEDS_ECN*\n"
										  "\t+10ms wait\n\t\tclient: RTT STATE(2>1) ACTIVE_ESTABLISHED\n"
										  "\t\tserver: RTT PASSIVE_ESTABLISHED STATE(3>1)\n"
										  "\t+20ms wait\n");
	const played result = play_alone(what);
	EXPECT_EQ(result.report(), "");
	EXPECT_EQ(result.intervals[3].calls[0].at(0).args[0], 20'000u);
}

TEST(play, an_accept_without_a_connection_is_an_error_in_words) {
	const timeline what = timeline::parse("\t+0 server listen\n\t+0 server accept\n");
	try {
		(void)play_alone(what);
		FAIL();
	} catch (const std::runtime_error& error) {
		EXPECT_NE(std::string(error.what()).find("line 2: '+0 server accept': no connection"),
				  std::string::npos);
	}
}

TEST(play, a_blocking_accept_waits_and_what_follows_counts_from_its_end) {
	const timeline what =
		timeline::parse("\tprogram client flags 0x4\n"
						"\tprogram reply TIMEOUT_INIT 30000\n" // 120 s
						"\t+0 server listen\n\t+0 link drop client syn 1\n\t+0 client connect\n"
						"\t+1s server accept blocking\n\t+1s client close\n\t+0 wait\n");
	const played result = play_alone(what);
	const auto& opened = result.intervals[3].calls[0];
	ASSERT_FALSE(opened.empty());
	EXPECT_GT(opened.back().time_ns, 120'000'000'000u);
	EXPECT_LT(opened.back().time_ns, 140'000'000'000u); // the timer wheel's slots are coarse so far away
	const u64 closed_ns = result.intervals[4].calls[0].at(0).time_ns;
	EXPECT_NEAR(static_cast<double>(closed_ns - opened.back().time_ns), 1e9, 1e6);
}

TEST(play, a_blocking_accept_that_nothing_can_end_is_an_error_in_words) {
	const timeline what = timeline::parse("\toption client TCP_SYNCNT 1\n\t+0 server listen\n"
										  "\t+0 link drop client any all\n\t+0 client connect\n"
										  "\t+0 server accept blocking\n");
	EXPECT_THROW((void)play_alone(what), no_connection);
}

TEST(play, a_congestion_control_that_is_declared_can_be_set_and_is_read_back) {
	std::string seen;
	const auto set = [&](bpf_sock_ops& skops) {
		if (skops.op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
			return 1;
		for (const char* name : {"dctcp", "bbr", "nobody"}) {
			char now[16] = "";
			seen += std::to_string(bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name,
												  static_cast<int>(std::strlen(name))));
			(void)bpf_getsockopt(skops, sol::tcp, tcp_option::congestion, now, sizeof now);
			seen += " " + std::string(now) + ", ";
		}
		return 1;
	};
	const cgroup_root root;
	const bpf_link link(root.make("/client"), make_bpf_prog("set", set));
	(void)play(timeline::parse("\tcongestion_control dctcp bbr\n\t+0 server listen\n\t+0 client connect\n"),
			   root);
	EXPECT_EQ(seen, "0 dctcp, 0 bbr, -2 bbr, "); // ENOENT
}

TEST(play, a_cgroup_that_takes_no_more_programs_is_an_error_in_words) {
	const cgroup_root root;
	ASSERT_EQ(cgroup_bpf_attach(root.make("/client"), make_bpf_prog("alone", [](bpf_sock_ops&) { return 1; }),
								attach_flags::none),
			  0);
	const timeline what = timeline::parse("\tprogram flags 0xf\n\t+0 client connect\n");
	EXPECT_THROW((void)play(what, root), std::runtime_error);
}

/// What play() says of a timeline that nobody parsed.
std::string refusal_of(const timeline& by_hand) {
	try {
		(void)play_alone(by_hand);
	} catch (const std::runtime_error& error) {
		return error.what();
	}
	return "";
}

TEST(play, a_timeline_made_by_hand_is_refused_in_words) {
	timeline sysctl = timeline::parse("\t+0 wait\n");
	sysctl.settings.sysctls.push_back({"tcp_nothing", 1});
	EXPECT_NE(refusal_of(sysctl).find("no sysctl 'tcp_nothing'"), std::string::npos);
	timeline peer = timeline::parse("\t+0 server listen\n\t+0 peer sends S 0:0\n");
	peer.scripted.reset();
	EXPECT_NE(refusal_of(peer).find("timeline::scripted"), std::string::npos);
	timeline places = timeline::parse("\taddress client 10.1.2.3:40000\n\t+0 wait\n");
	places.settings.ipv6 = true;
	EXPECT_NE(refusal_of(places).find("the client is at 10.1.2.3:40000, which is IPv4"), std::string::npos);
	timeline link = timeline::parse("\tmtu 100\n\t+0 wait\n");
	link.settings.ipv6 = true;
	EXPECT_NE(refusal_of(link).find("IPv6 needs an MTU of at least 1280"), std::string::npos);
}

} // namespace
