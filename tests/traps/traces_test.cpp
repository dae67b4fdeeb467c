// SPDX-License-Identifier: MIT
// What a trace records of programs, and what it costs those who do not ask.

#include <optional>
#include <string>
#include <vector>

#include <sockops/net/observer.hpp>
#include <sockops/trace/trace.hpp>

#include "support.hpp"

namespace {

using namespace trap_test;

/// Copies what it is told: names live as long as their programs only.
struct copying_observer final : net_observer {
	struct seen {
		u32 op, state, arg0;
		bool full;
		int result;
		std::string steps, answered_by, denied_by;
	};
	std::vector<seen> calls;

	static std::string name(const bpf_prog* prog) { return prog ? prog->name : "-"; }
	void called(const trace_call& call) override {
		std::string steps;
		for (const trace_step& step : call.steps) {
			steps += step.prog->name;
			steps += ':' + std::to_string(step.before.reply) + '>' + std::to_string(step.after.reply);
			steps += '=' + std::to_string(step.ret) + ' ';
		}
		calls.push_back({call.op, call.state, call.args[0], call.is_fullsock, call.result, steps,
						 name(call.answered_by()), name(call.denied_by())});
	}
};

template <class Handler>
bpf_prog_ptr named(const char* name, Handler handler) {
	return make_bpf_prog(name, handler);
}

struct trace : testing::Test {
	one_socket on;
	copying_observer seen;
	std::optional<net_watch> watching{std::in_place, on.in, seen};
};
using traced_today = traced<release_6_18>;

TEST_F(trace, records_who_answered_and_who_denied) {
	attach(*on.root, named("first", [](bpf_sock_ops& s) { return s.reply = 5, 1; }));
	attach(*on.root, named("second", [](bpf_sock_ops& s) { return s.reply = 9, 1; }));
	attach(*on.root, named("quiet", [](bpf_sock_ops& s) { return s.op != BPF_SOCK_OPS_RWND_INIT; }));
	attach(*on.root, named("last", [](bpf_sock_ops&) { return 1; }));
	EXPECT_EQ(on.call<traced<>>(BPF_SOCK_OPS_TIMEOUT_INIT), 9);
	EXPECT_EQ(on.call<traced_today>(BPF_SOCK_OPS_RWND_INIT), -1);
	EXPECT_EQ(on.call(BPF_SOCK_OPS_TIMEOUT_INIT), 9); // an untraced release tells nothing
	ASSERT_EQ(seen.calls.size(), 2u);
	EXPECT_EQ(seen.calls[0].steps, "first:0>5=1 second:5>9=1 quiet:9>9=1 last:9>9=1 ");
	EXPECT_EQ(seen.calls[0].answered_by, "second");
	EXPECT_EQ(seen.calls[0].denied_by, "-");
	EXPECT_EQ(seen.calls[0].result, 9);
	EXPECT_EQ(seen.calls[1].steps, "first:0>5=1 second:5>9=1 quiet:9>9=0 last:9>9=1 ");
	EXPECT_EQ(seen.calls[1].answered_by, "-");
	EXPECT_EQ(seen.calls[1].denied_by, "quiet");
	EXPECT_EQ(seen.calls[1].result, -1);
}

TEST_F(trace, records_calls_that_run_no_program) {
	EXPECT_EQ((tcp_hook<traced<>>::tcp_call_bpf_2arg(&on.sk, BPF_SOCK_OPS_STATE_CB, 7, 2)), 7);
	request_sock req;
	inet_reqsk_init(req, nullptr, on.in);
	EXPECT_EQ(tcp_hook<traced<>>::tcp_rwnd_init_bpf(&req), 0u);
	ASSERT_EQ(seen.calls.size(), 2u);
	EXPECT_EQ(seen.calls[0].op, u32{BPF_SOCK_OPS_STATE_CB});
	EXPECT_EQ(seen.calls[0].state, u32{TCP_CLOSE});
	EXPECT_EQ(seen.calls[0].arg0, 7u);
	EXPECT_EQ(seen.calls[0].steps, "");
	EXPECT_EQ(seen.calls[0].answered_by, "-");
	EXPECT_TRUE(seen.calls[0].full);
	EXPECT_FALSE(seen.calls[1].full);
}

TEST_F(trace, tells_of_nested_calls_first_and_keeps_them_apart) {
	attach(*on.root, named("nests", [&](bpf_sock_ops& s) {
		if (s.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
			(void)on.call<traced<>>(BPF_SOCK_OPS_BASE_RTT);
		s.reply = s.op;
		return 1;
	}));
	attach(*on.root, named("after", [](bpf_sock_ops&) { return 1; }));
	on.call<traced<>>(BPF_SOCK_OPS_TCP_LISTEN_CB);
	ASSERT_EQ(seen.calls.size(), 2u);
	EXPECT_EQ(seen.calls[0].op, u32{BPF_SOCK_OPS_BASE_RTT});
	EXPECT_EQ(seen.calls[0].steps, "nests:0>7=1 after:7>7=1 ");
	EXPECT_EQ(seen.calls[1].steps, "nests:0>11=1 after:11>11=1 ");
}

TEST_F(trace, without_an_observer_a_traced_call_is_as_any_other) {
	attach(*on.root, answers({5, 1}));
	watching.reset();
	EXPECT_EQ(on.call<traced<>>(BPF_SOCK_OPS_RWND_INIT), 5);
	inet_timewait_sock tw; // no net either
	const int result = tcp_hook<traced<>>::tcp_call_bpf_2arg(&tw, BPF_SOCK_OPS_STATE_CB, 6, 7);
	EXPECT_EQ(result, 6);
	EXPECT_TRUE(seen.calls.empty());
}

} // namespace
