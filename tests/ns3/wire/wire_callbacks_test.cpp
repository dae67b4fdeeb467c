// SPDX-License-Identifier: MIT
// Callbacks that need a flag: each comes where on the wire something happened, and for the connections alone
// whose program has asked for it.

#include "wire_fixture.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <ns3/simulator.h>

using namespace sockops;
using namespace test;

namespace {

class callbacks_on_the_wire : public on_the_wire {};

/// When, and which sequence number.
using moments = std::vector<std::pair<int64_t, uint32_t>>;

/// What a program was called for.
class seen_calls {
  public:
	void keep(const end_point& who, const bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_STATE_CB)
			states_[key(who)] += (states_[key(who)].empty() ? "" : " ") + std::to_string(skops.args[0]) +
								 ">" + std::to_string(skops.args[1]);
		times_[{key(who), skops.op}].push_back(ns3::Simulator::Now().GetMicroSeconds());
		if (skops.op == BPF_SOCK_OPS_RETRANS_CB)
			retransmitted_[key(who)].push_back({times_[{key(who), skops.op}].back(), skops.args[0]});
	}
	std::string states(const end_point& who) { return states_[key(who)]; }
	/// Each RETRANS_CB: when, and from which number on.
	moments retransmitted(const end_point& who) { return retransmitted_[key(who)]; }
	std::vector<int64_t> times(const end_point& who, u32 op) { return times_[{key(who), op}]; }

  private:
	static unsigned key(const end_point& who) { return 2 * who.connection + who.client; }

	std::map<unsigned, std::string> states_;
	std::map<unsigned, moments> retransmitted_;
	std::map<std::pair<unsigned, u32>, std::vector<int64_t>> times_;
};

bool once_in_a_round(const std::vector<int64_t>& times) {
	return std::adjacent_find(times.begin(), times.end(),
							  [](int64_t a, int64_t b) { return b - a < wire::rtt_us; }) == times.end();
}
bool subset(const std::vector<int64_t>& part, const std::vector<int64_t>& of) {
	return std::includes(of.begin(), of.end(), part.begin(), part.end());
}
std::vector<int64_t> times_of(const segments& all) {
	std::vector<int64_t> found;
	for (const segment& each : all)
		found.push_back(each.time_us);
	return found;
}

/// All of a kind but the first.
void append_repeated(const segments& all, moments& to) {
	for (std::size_t i = 1; i < all.size(); ++i)
		to.emplace_back(all[i].time_us, all[i].seq);
}
/// When it had waited in vain: for an answer to its SYN, and for the acknowledgement of a lone segment.
std::vector<int64_t> timed_out(const wire& sim, const end_point& who) {
	moments found;
	append_repeated(sim.sent(who, kind::syn), found);
	append_repeated(sim.sent(who, kind::lone), found);
	std::vector<int64_t> when;
	for (const auto& [time, seq] : found)
		when.push_back(time);
	return when;
}
/// When it sent a SYN, data or a FIN again.
moments went_again(const wire& sim, const end_point& who) {
	moments found;
	append_repeated(sim.sent(who, kind::syn), found);
	for (const segment& each : sim.sent_again(who))
		found.emplace_back(each.time_us, each.seq);
	append_repeated(sim.sent(who, kind::fin), found);
	return found;
}

} // namespace

TEST_P(callbacks_on_the_wire, flagged_callbacks_come_where_something_happened_and_only_where_asked_for) {
	constexpr int flags[] = {BPF_SOCK_OPS_RTO_CB_FLAG,
							 BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG, 0,
							 BPF_SOCK_OPS_RTT_CB_FLAG};
	each_turn([&](auto of) {
		wire sim(GetParam());
		if (losses()) {
			sim.lose(kind::syn, {0});
			sim.lose(kind::data, {3});
		}
		seen_calls calls;
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
				bpf_sock_ops_cb_flags_set(skops, flags[of(who)]);
			calls.keep(who, skops);
		});
		sim.transfer(20'000);
		send_lone_segments(sim);
		sim.close(30);
		sim.run(60);
		each_end([&](const end_point& who) {
			const int mine = flags[of(who)];
			const auto asked = [mine](int flag) { return (mine & flag) != 0; };
			EXPECT_EQ(calls.states(who), !asked(BPF_SOCK_OPS_STATE_CB_FLAG) ? ""
										 : who.client                       ? "2>1 1>4 4>5 5>7"
																			: "3>1 1>8 8>9 9>7");
			const auto timeouts = timed_out(sim, who);
			EXPECT_EQ(calls.times(who, BPF_SOCK_OPS_RTO_CB),
					  asked(BPF_SOCK_OPS_RTO_CB_FLAG) ? timeouts : std::vector<int64_t>{});
			const auto again = went_again(sim, who);
			EXPECT_EQ(calls.retransmitted(who), asked(BPF_SOCK_OPS_RETRANS_CB_FLAG) ? again : moments{});
			EXPECT_EQ(losses(), !again.empty());
			EXPECT_EQ(losses(), !timeouts.empty());
			const auto measured = calls.times(who, BPF_SOCK_OPS_RTT_CB);
			EXPECT_EQ(asked(BPF_SOCK_OPS_RTT_CB_FLAG), measured.size() > (losses() ? 2 : 4));
			EXPECT_EQ(asked(BPF_SOCK_OPS_RTT_CB_FLAG), !measured.empty());
			EXPECT_TRUE(once_in_a_round(measured));
			EXPECT_TRUE(subset(measured, times_of(sim.arrived({who.connection, !who.client}, kind::any))));
		});
	});
}

INSTANTIATE_TEST_SUITE_P(ns3, callbacks_on_the_wire, testing::ValuesIn(all_wire_setups),
						 [](const auto& one) { return name_of(one.param); });
