// SPDX-License-Identifier: MIT
// What each reply changes on the wire: in the segments of the connection that it is for, and in no other's.

#include "wire_fixture.hpp"

#include <algorithm>

using namespace sockops;
using namespace test;
using ns3::TcpHeader;

namespace {

class replies_on_the_wire : public on_the_wire {};

std::vector<int64_t> times(const segments& all) {
	std::vector<int64_t> found;
	for (const segment& each : all)
		found.push_back(each.time_us - all[0].time_us);
	return found;
}

/// When something is sent that is doubled in `gap` from try to try, of which the first `lost` are lost, and
/// whose answer ends it.
std::vector<int64_t> tries(int64_t gap, unsigned lost) {
	std::vector<int64_t> found;
	const auto at = [gap](std::size_t n) { return gap * ((int64_t{1} << n) - 1); };
	while (found.size() <= lost || at(found.size()) < at(lost) + wire::rtt_us)
		found.push_back(at(found.size()));
	return found;
}

} // namespace

TEST_P(replies_on_the_wire, timeout_init_of_a_client_is_the_gap_between_its_syns) {
	constexpr u32 jiffies[] = {3, 50, 0, 110}; // 12 ms: less than a round trip
	each_turn([&](auto of) {
		wire sim(GetParam());
		if (losses())
			sim.lose(kind::syn, {0, 1});
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT && who.client)
				skops.reply = jiffies[of(who)];
		});
		sim.run(20);
		each_end([&](const end_point& who) {
			const u32 mine = jiffies[of(who)];
			if (who.client) {
				EXPECT_EQ(times(sim.sent(who, kind::syn)),
						  tries(mine ? mine * us_per_jiffy : script_conn_timeout_us, losses() ? 2 : 0));
			}
		});
	});
}

TEST_P(replies_on_the_wire, timeout_init_of_a_server_is_the_gap_between_its_synacks) {
	constexpr u32 jiffies[] = {3, 50, 0, 110};
	each_turn([&](auto of) {
		wire sim(GetParam());
		if (losses())
			sim.lose(kind::synack, {0, 1});
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_TIMEOUT_INIT)
				skops.reply = who.client ? 2500 : jiffies[of(who)]; // 10 s: no SYN again
		});
		sim.run(20);
		each_end([&](const end_point& who) {
			const u32 mine = jiffies[of(who)];
			if (!who.client) {
				EXPECT_EQ(times(sim.sent(who, kind::synack)),
						  tries(mine ? mine * us_per_jiffy : script_conn_timeout_us, losses() ? 2 : 0));
			}
		});
	});
}

TEST_P(replies_on_the_wire, rwnd_init_is_the_first_window_and_grows_by_two_segments_for_each_that_comes) {
	constexpr u32 packets[] = {3, 12, 0, 50};
	each_turn([&](auto of) {
		wire sim(GetParam());
		lose_some(sim);
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_RWND_INIT)
				skops.reply = packets[of(who)];
		});
		sim.transfer(50'000);
		sim.run(60);
		each_end([&](const end_point& who) {
			const u32 mine = packets[of(who)] * wire::mss;
			const auto syns = sim.sent(who, who.client ? kind::syn : kind::synack);
			EXPECT_EQ(syns.size(), losses() ? syns.size() : 1u);
			for (const segment& each : syns)
				EXPECT_EQ(each.window, mine ? mine : script_window);
			u32 last = 0;
			for (const segment& each : sim.sent(who, kind::any)) {
				if (each.flags & TcpHeader::SYN)
					continue;
				last = u32{each.window} << window_scale;
				const u32 allowed = mine ? mine + 2 * (each.ack - 1) : receive_buffer;
				EXPECT_LE(last, std::min(allowed, receive_buffer));
				if (!losses()) {
					EXPECT_EQ(last, std::min(allowed, receive_buffer));
				}
			}
			EXPECT_GT(last, mine ? mine + 50'000 : receive_buffer - 1) << "it has grown";
			const end_point peer{who.connection, !who.client};
			EXPECT_EQ(first_flight(sim.sent(peer, kind::data)),
					  std::min(mine ? packets[of(who)] : script_iw, script_iw));
			EXPECT_EQ(sim.got(who), 50'000u);
		});
	});
}

TEST_P(replies_on_the_wire, needs_ecn_of_both_sides_marks_data_and_of_one_side_nothing_but_its_syn) {
	struct answers {
		bool client, server;
	};
	constexpr answers all[] = {{true, true}, {true, false}, {false, true}, {false, false}};
	each_turn([&](auto of) {
		wire sim(GetParam());
		lose_some(sim);
		const auto answer = [&](unsigned connection) { return all[of(end_point{connection, true})]; };
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_NEEDS_ECN)
				skops.reply = who.client ? answer(who.connection).client : answer(who.connection).server;
		});
		sim.transfer(20'000);
		sim.run(60);
		each_end([&](const end_point& who) {
			const auto [client, server] = answer(who.connection);
			for (const segment& syn : sim.sent(who, kind::syn)) {
				EXPECT_EQ(syn.flags, TcpHeader::SYN | (client ? TcpHeader::ECE | TcpHeader::CWR : 0));
				EXPECT_EQ(syn.ect, client);
			}
			for (const segment& synack : sim.sent(who, kind::synack)) {
				EXPECT_EQ(synack.flags,
						  TcpHeader::SYN | TcpHeader::ACK | (client && server ? TcpHeader::ECE : 0));
				EXPECT_EQ(synack.ect, server) << "as the program says, whatever becomes of the connection";
			}
			for (const segment& data : sim.sent_first(who))
				EXPECT_EQ(data.ect, client && server);
			EXPECT_EQ(sim.got(who), 20'000u);
		});
	});
}

INSTANTIATE_TEST_SUITE_P(ns3, replies_on_the_wire, testing::ValuesIn(all_wire_setups),
						 [](const auto& one) { return name_of(one.param); });
