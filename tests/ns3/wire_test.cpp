// SPDX-License-Identifier: MIT
// What each reply and each option changes on the wire: by IPv4 and IPv6, of one connection and of four at
// once, two from either node, with losses and without. Each connection has another value, by its port, and
// each has each of the values once.

#include "wire_support.hpp"

#include <cstring>

#include <gtest/gtest.h>

#include <ns3/pointer.h>
#include <ns3/tcp-congestion-ops.h>

#include <sockops/hook/helpers.hpp>

using namespace sockops;
using ns3::TcpHeader;
using test::end_point;
using test::kind;
using test::segment;
using test::wire;

namespace {

constexpr u32 script_window = 65535;    ///< of a SYN
constexpr u32 receive_buffer = 131'072; ///< bytes
constexpr unsigned window_scale = 2;    ///< of that buffer
constexpr u32 script_iw = 10;
constexpr int64_t script_conn_timeout_us = 3'000'000;
constexpr int64_t script_rto_min_us = 1'000'000;
constexpr int64_t script_delack_us = 200'000;
constexpr int64_t us_per_jiffy = 4'000;

class on_the_wire : public testing::TestWithParam<test::wire_setup> {
  protected:
	bool losses() const { return GetParam().losses; }

	/// Calls `what` with a way from a connection to one of four values, until each has had each.
	template <class What>
	void each_turn(What what) const {
		for (unsigned turn = 0; turn < 4; turn += GetParam().connections)
			what([turn](const end_point& who) { return (who.connection + turn + (who.client ? 0 : 1)) % 4; });
	}
	template <class What>
	void each_end(What what) const {
		for (unsigned i = 0; i != GetParam().connections; ++i)
			for (const bool client : {true, false}) {
				SCOPED_TRACE((client ? "client " : "server ") + std::to_string(i));
				what(end_point{i, client});
			}
	}
	/// Losses in the handshake and after it, of both sides.
	void lose_some(wire& sim) const {
		if (!losses())
			return;
		sim.lose(kind::syn, {0});
		sim.lose(kind::synack, {0});
		sim.lose(kind::ack, {0, 3});
		sim.lose(kind::data, {3, 11, 12});
	}

	/// First what is acknowledged at once (ns-3 does so with a server's first segment), later half a segment:
	/// lost, or acknowledged with a delay.
	void send_lone_segments(wire& sim) const {
		if (losses())
			sim.lose(kind::lone, {0});
		for (const bool client : {true, false}) {
			sim.send(client ? 2 : 12, client, lone_total(client) - 500);
			sim.send(client ? 4 : 14, client, 500);
		}
	}
	static u32 lone_total(bool client) { return client ? 1'500 : 2'500; }
};

int set(bpf_sock_ops& skops, int option, int value) {
	return bpf_setsockopt(skops, sol::tcp, option, &value, sizeof value);
}
int set_congestion(bpf_sock_ops& skops, const char* name) {
	return bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name, static_cast<int>(std::strlen(name)));
}
bool is_established(u32 op) {
	return op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
}

std::vector<int64_t> times(const test::segments& all) {
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

// --- replies ------------------------------------------------------------------------------------

TEST_P(on_the_wire, timeout_init_of_a_client_is_the_gap_between_its_syns) {
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

TEST_P(on_the_wire, timeout_init_of_a_server_is_the_gap_between_its_synacks) {
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

TEST_P(on_the_wire, rwnd_init_is_the_first_window_and_grows_by_two_segments_for_each_that_comes) {
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
			EXPECT_EQ(test::first_flight(sim.sent(peer, kind::data)),
					  std::min(mine ? packets[of(who)] : script_iw, script_iw));
			EXPECT_EQ(sim.got(who), 50'000u);
		});
	});
}

TEST_P(on_the_wire, needs_ecn_of_both_sides_marks_data_and_of_one_side_nothing_but_its_syn) {
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

// --- options ------------------------------------------------------------------------------------

TEST_P(on_the_wire, iw_is_the_first_flight) {
	constexpr u32 packets[] = {1, 3, 0, 25};
	each_turn([&](auto of) {
		wire sim(GetParam());
		lose_some(sim);
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (is_established(skops.op) && packets[of(who)] != 0) {
				EXPECT_EQ(set(skops, TCP_BPF_IW, static_cast<int>(packets[of(who)])), 0);
			}
		});
		sim.transfer(40'000);
		sim.run(60);
		each_end([&](const end_point& who) {
			const u32 mine = packets[of(who)];
			EXPECT_EQ(test::first_flight(sim.sent(who, kind::data)), mine ? mine : script_iw);
			EXPECT_EQ(sim.got(who), 40'000u);
		});
	});
}

TEST_P(on_the_wire, sndcwnd_clamp_is_the_most_that_is_out_at_once) {
	constexpr u32 packets[] = {4, 12, 0, 6};
	constexpr unsigned with_bbr = 3;
	each_turn([&](auto of) {
		wire sim(GetParam());
		lose_some(sim);
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (!is_established(skops.op) || packets[of(who)] == 0)
				return;
			const int mine = static_cast<int>(packets[of(who)]);
			if (of(who) == with_bbr) {
				EXPECT_EQ(set_congestion(skops, "bbr"), 0);
			}
			EXPECT_EQ(set(skops, TCP_BPF_SNDCWND_CLAMP, mine), 0);
			EXPECT_EQ(set(skops, TCP_BPF_IW, std::min(mine, 10)), 0) << "which the clamp does not lower";
		});
		sim.transfer(60'000);
		sim.run(200);
		each_end([&](const end_point& who) {
			const std::size_t most = test::most_in_one_round(sim.sent(who, kind::data));
			if (const u32 mine = packets[of(who)]; mine == 0)
				EXPECT_GT(most, losses() ? 10u : 15u);
			else
				EXPECT_LE(most, mine);
			EXPECT_EQ(sim.got(who), 60'000u);
		});
	});
}

TEST_P(on_the_wire, rto_min_is_how_soon_a_segment_without_an_acknowledgement_is_sent_again) {
	constexpr u32 us[] = {100'000, 152'000, 0, 200'000};
	each_turn([&](auto of) {
		wire sim(GetParam());
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (is_established(skops.op) && us[of(who)] != 0) {
				EXPECT_EQ(set(skops, TCP_BPF_RTO_MIN, static_cast<int>(us[of(who)])), 0);
			}
		});
		send_lone_segments(sim);
		sim.run(30);
		each_end([&](const end_point& who) {
			const auto sent = sim.sent(who, kind::lone);
			const u32 mine = us[of(who)];
			if (mine == 0 && !losses()) {
				EXPECT_EQ(sent.size(), 1u);
			} else if (sent.size() < 2) {
				ADD_FAILURE() << "not sent again";
			} else {
				EXPECT_EQ(sent[1].time_us - sent[0].time_us, mine ? mine : script_rto_min_us);
			}
			EXPECT_EQ(sim.got(who), lone_total(!who.client));
		});
	});
}

TEST_P(on_the_wire, delack_max_is_how_soon_a_lone_segment_is_acknowledged) {
	constexpr u32 us[] = {40'000, 80'000, 0, 12'000};
	each_turn([&](auto of) {
		wire sim(GetParam());
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (is_established(skops.op) && us[of(who)] != 0) {
				EXPECT_EQ(set(skops, TCP_BPF_DELACK_MAX, static_cast<int>(us[of(who)])), 0);
			}
		});
		send_lone_segments(sim);
		sim.run(30);
		each_end([&](const end_point& who) {
			const auto came = sim.arrived({who.connection, !who.client}, kind::lone);
			ASSERT_EQ(came.size(), 1u);
			const u32 mine = us[of(who)];
			for (const segment& each : sim.sent(who, kind::ack))
				if (each.ack == lone_total(!who.client) + 1) {
					EXPECT_EQ(each.time_us - came[0].time_us, mine ? mine : script_delack_us);
					return;
				}
			ADD_FAILURE() << "not acknowledged";
		});
	});
}

INSTANTIATE_TEST_SUITE_P(ns3, on_the_wire,
						 testing::Values(test::wire_setup{false, 1, false}, test::wire_setup{false, 1, true},
										 test::wire_setup{false, 4, false}, test::wire_setup{false, 4, true},
										 test::wire_setup{true, 1, false}, test::wire_setup{true, 1, true},
										 test::wire_setup{true, 4, false}, test::wire_setup{true, 4, true}),
						 [](const auto& one) { return test::name_of(one.param); });
