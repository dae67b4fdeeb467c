// SPDX-License-Identifier: MIT
// What play() tells a listener of programs, and what fire() keeps: options, lines, calls, ops that were
// withheld.

#include <gtest/gtest.h>

#include <sockops/sockops.hpp>
#include <sockops/testing/matchers.hpp>

namespace {

using namespace sockops;
using namespace sockops::testing;

const timeline short_connection = timeline::parse(R"(
	+0     server listen
	+0     client connect
	+10ms  server accept
	+10ms  client send 100
	+10ms  client close
	+10ms  wait
)");

/// Sets two options where a connection is opened, one of them wrong, and prints.
bpf_prog_ptr tunes() {
	return make_bpf_prog("tunes", [](bpf_sock_ops& skops) {
		if (skops.op != BPF_SOCK_OPS_TCP_CONNECT_CB)
			return 1;
		const int window = 40, nothing = 0;
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &window, sizeof window);
		(void)bpf_setsockopt(skops, sol::tcp, TCP_BPF_IW, &nothing, sizeof nothing);
		(void)bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, "reno", 4);
		(void)bpf_setsockopt(skops, 99, 5, "abc", 3);
		(void)bpf_trace_printk(skops, "opens %d\n", +skops.local_port);
		return 1;
	});
}

/// Everything in a line each.
struct log final : play_listener {
	std::vector<std::string> lines;

	void add(u64 time_ns, const char* who, const std::string& what) {
		lines.push_back(std::to_string(time_ns / 1'000'000) + " " + who + " " + what);
	}
	void event(u64 time_ns, const timeline_event& what) override { add(time_ns, "event", what.text); }
	void called(side who, u64 time_ns, const trace_call& call) override {
		add(time_ns, side_name(who), call_text(call) + " " + std::to_string(call.steps.size()));
	}
	void withheld(side who, u64 time_ns, const trace_call& call) override {
		add(time_ns, side_name(who), std::string("withheld ") + op_name(call.op));
	}
	void option_set(side who, u64 time_ns, const sock_common& sk, const option_call& what) override {
		add(time_ns, side_name(who),
			"set " + what.text() + " in " + op_name(what.op) + " on port " + std::to_string(sk.skc_num));
	}
	bool printk(side who, u64 time_ns, const char* text) override {
		add(time_ns, side_name(who), text);
		return true;
	}
};

TEST(play_listener, is_told_of_all_in_order) {
	cgroup_root root;
	bpf_link mine(root.make("/client"), tunes());
	log seen;
	(void)play(short_connection, root, {.listener = &seen});
	const std::vector<std::string> expected = {
		"0 event +0     server listen",
		"0 server TCP_LISTEN 0",
		"0 event +0     client connect",
		"0 client withheld STATE_CB",
		"0 client set TCP_BPF_IW=40 in TCP_CONNECT_CB on port 20817",
		"0 client set TCP_BPF_IW=0: EINVAL in TCP_CONNECT_CB on port 20817",
		"0 client set TCP_CONGESTION=\"reno\" in TCP_CONNECT_CB on port 20817",
		"0 client set level 99 option 5=61 62 63: EINVAL in TCP_CONNECT_CB on port 20817",
		"0 client opens 20817\n",
		"0 client TCP_CONNECT 1",
		"0 client RWND_INIT 1",
	};
	ASSERT_GT(seen.lines.size(), expected.size());
	for (std::size_t at = 0; at != expected.size(); ++at)
		EXPECT_EQ(seen.lines[at], expected[at]);
	EXPECT_THAT(seen.lines, ::testing::Contains("30 client withheld STATE_CB"));
}

TEST(play_listener, hears_the_calls_that_the_result_has) {
	cgroup_root root;
	bpf_link mine(*root, tunes());
	struct counter final : play_listener {
		std::vector<std::string> calls[2];
		void called(side who, u64, const trace_call& call) override {
			calls[static_cast<int>(who)].push_back(call_text(call));
		}
		bool printk(side, u64, const char*) override { return true; }
	} seen;
	const played result = play(short_connection, root, {.listener = &seen});
	for (const int who : {0, 1}) {
		std::vector<std::string> in_result;
		for (const played_interval& each : result.intervals)
			for (const seen_call& call : each.calls[static_cast<std::size_t>(who)])
				in_result.push_back(call.text());
		EXPECT_EQ(in_result, seen.calls[who]);
		EXPECT_GT(in_result.size(), 3u);
	}
}

TEST(play_listener, changes_nothing) {
	cgroup_root root;
	bpf_link mine(*root, tunes());
	log seen;
	const played with = play(short_connection, root, {.listener = &seen});
	struct quiet final : play_listener {
		bool printk(side, u64, const char*) override { return true; }
	} ignores;
	EXPECT_EQ(with.trace(short_connection),
			  play(short_connection, root, {.listener = &ignores}).trace(short_connection));
}

TEST(play_listener, hears_of_sockets_that_are_freed) {
	cgroup_root root;
	struct counter final : play_listener {
		std::vector<std::string> gone;
		void freed(side who, u64 time_ns, const sock_common& sk) override {
			gone.push_back(std::string(side_name(who)) + " " + std::to_string(time_ns / 1'000'000) + " " +
						   tcp_state_name(sk.skc_state));
		}
	} seen;
	(void)play(timeline::parse(R"(
	+0     server listen
	+0     client connect
	+10ms  client abort
	+10ms  server close
	+10ms  wait
)"),
			   root, {.listener = &seen});
	EXPECT_THAT(seen.gone, ::testing::ElementsAre("client 20 CLOSE", "server 30 CLOSE", "server 30 CLOSE"));
}

TEST(play_listener, without_an_override_lines_go_to_stderr) {
	cgroup_root root;
	bpf_link mine(root.make("/client"), tunes());
	struct nothing final : play_listener {
	} ignores;
	::testing::internal::CaptureStderr();
	(void)play(short_connection, root, {.listener = &ignores});
	EXPECT_EQ(::testing::internal::GetCapturedStderr(), "bpf_trace_printk: opens 20817\n");
}

struct fired_socket : ::testing::Test {
	net in;
	cgroup_root root;
	bpf_link mine{*root, tunes()};
	scoped_tcp_sock sk{in, *root};
	fired_socket() { sk.skc_state = TCP_SYN_SENT; }
};

TEST_F(fired_socket, keeps_options_and_lines) {
	const fired answer = fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk);
	EXPECT_THAT(answer, SetOption("TCP_BPF_IW", 40));
	EXPECT_THAT(answer, SetOption("TCP_BPF_IW", 0, EINVAL));
	EXPECT_THAT(answer, ::testing::Not(SetOption("TCP_BPF_IW", 0)));
	EXPECT_THAT(answer, SetOption("TCP_CONGESTION", "reno", ENOENT));
	EXPECT_THAT(answer, ::testing::Not(SetNoOption()));
	EXPECT_THAT(answer, Printed("opens 0\n"));
	EXPECT_THAT(fire(BPF_SOCK_OPS_TIMEOUT_INIT, sk), SetNoOption());
	EXPECT_FALSE(in.observers);
}

TEST_F(fired_socket, the_nets_other_observers_are_told_as_well) {
	struct told final : net_observer {
		int calls = 0, options = 0, lines = 0;
		void called(const trace_call&) override { ++calls; }
		void option_set(const set_option&) override { ++options; }
		bool printk(const char*) override { return ++lines, false; }
	} own;
	const net_watch watching(in, own);
	(void)fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk);
	EXPECT_EQ(own.calls, 1);
	EXPECT_EQ(own.options, 4);
	EXPECT_EQ(own.lines, 1);
}

TEST_F(fired_socket, a_failure_says_what_was_set_and_printed) {
	const std::string text = ::testing::PrintToString(fire(BPF_SOCK_OPS_TCP_CONNECT_CB, sk));
	EXPECT_THAT(text, ::testing::HasSubstr("It set TCP_BPF_IW=0: EINVAL.\n"));
	EXPECT_THAT(text, ::testing::HasSubstr("It printed \"opens 0\\n\".\n"));
}

TEST(option_call, is_written_with_the_name_of_its_row) {
	const int word = -1;
	const sock_common sk;
	EXPECT_EQ(make_option_call({sk, 4, sol::socket, so_option::sndbuf, &word, sizeof word, 0}).text(),
			  "SO_SNDBUF=-1");
	EXPECT_EQ(make_option_call({sk, 4, sol::tcp, tcp_option::nodelay, "ab", 2, -EINVAL}).text(),
			  "TCP_NODELAY=61 62: EINVAL");
	EXPECT_EQ(make_option_call({sk, 4, sol::tcp, tcp_option::congestion, "cdg\0x", 5, -524}).text(),
			  "TCP_CONGESTION=\"cdg\": ENOTSUPP");
	EXPECT_EQ(make_option_call({sk, 4, sol::tcp, tcp_option::nodelay, nullptr, 0, -EINVAL}).text(),
			  "TCP_NODELAY=nothing: EINVAL");
	EXPECT_EQ(errno_text(-1000), "errno 1000");
}

} // namespace
