// SPDX-License-Identifier: MIT
// What each option that programs set changes on the wire: in the segments of the connection that it is for,
// and in no other's.

#include "wire_fixture.hpp"

#include <algorithm>

#include <ns3/pointer.h>
#include <ns3/tcp-congestion-ops.h>

using namespace sockops;
using namespace test;

namespace {

class options_on_the_wire : public on_the_wire {};

/// A script's own algorithm, easily told from others: three segments at once, for ever.
class TcpThree : public ns3::TcpNewReno {
  public:
	static ns3::TypeId GetTypeId() {
		static ns3::TypeId tid =
			ns3::TypeId("lab::TcpThree").SetParent<TcpNewReno>().AddConstructor<TcpThree>();
		return tid;
	}
	void IncreaseWindow(ns3::Ptr<ns3::TcpSocketState> tcb, uint32_t) override {
		tcb->m_cWnd = 3 * tcb->m_segmentSize;
	}
	uint32_t GetSsThresh(ns3::Ptr<const ns3::TcpSocketState> tcb, uint32_t) override {
		return 3 * tcb->m_segmentSize;
	}
	ns3::Ptr<ns3::TcpCongestionOps> Fork() override { return ns3::CopyObject<TcpThree>(this); }
};
const bool registered = (TcpThree::GetTypeId(), true);

std::string algorithm(ns3::Ptr<ns3::Socket> socket) {
	ns3::PointerValue used;
	socket->GetAttribute("CongestionOps", used);
	return used.Get<ns3::TcpCongestionOps>()->GetInstanceTypeId().GetName();
}

segments after_first_flight(const segments& all) {
	const auto flight = static_cast<std::ptrdiff_t>(first_flight(all));
	return {all.begin() + flight, all.end()};
}
/// Did any two leave together?
bool in_pairs(const segments& all) {
	return std::adjacent_find(all.begin(), all.end(), [](const segment& a, const segment& b) {
			   return a.time_us == b.time_us;
		   }) != all.end();
}

} // namespace

TEST_P(options_on_the_wire, iw_is_the_first_flight) {
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
			EXPECT_EQ(first_flight(sim.sent(who, kind::data)), mine ? mine : script_iw);
			EXPECT_EQ(sim.got(who), 40'000u);
		});
	});
}

TEST_P(options_on_the_wire, sndcwnd_clamp_is_the_most_that_is_out_at_once) {
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
			const std::size_t most = most_in_one_round(sim.sent(who, kind::data));
			if (const u32 mine = packets[of(who)]; mine == 0) {
				EXPECT_GT(most, losses() ? 10u : 15u);
			} else {
				EXPECT_LE(most, mine);
			}
			EXPECT_EQ(sim.got(who), 60'000u);
		});
	});
}

TEST_P(options_on_the_wire, rto_min_is_how_soon_a_segment_without_an_acknowledgement_is_sent_again) {
	constexpr u32 us[] = {100'000, 152'000, 0, 200'000};
	each_turn([&](auto of) {
		wire sim(GetParam());
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (is_established(skops.op) && us[of(who)] != 0) {
				EXPECT_EQ(set(skops, TCP_BPF_RTO_MIN, static_cast<int>(us[of(who)])), 0);
			}
		});
		send_lone_segments(sim);
		sim.run(40);
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

TEST_P(options_on_the_wire, delack_max_is_how_soon_a_lone_segment_is_acknowledged) {
	constexpr u32 us[] = {40'000, 80'000, 0, 12'000};
	each_turn([&](auto of) {
		wire sim(GetParam());
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			if (is_established(skops.op) && us[of(who)] != 0) {
				EXPECT_EQ(set(skops, TCP_BPF_DELACK_MAX, static_cast<int>(us[of(who)])), 0);
			}
		});
		send_lone_segments(sim);
		sim.run(40);
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

TEST_P(options_on_the_wire, congestion_is_the_algorithm_of_that_connection_at_work) {
	struct choice {
		const char *name, *type;
	};
	constexpr choice all[] = {{"dctcp", "ns3::TcpDctcp"},
							  {"bbr", "ns3::TcpBbr"},
							  {"", "ns3::TcpCubic"},
							  {"TcpThree", "lab::TcpThree"}};
	ASSERT_TRUE(registered);
	enum { dctcp, bbr, of_the_script, three };
	each_turn([&](auto of) {
		wire sim(GetParam());
		lose_some(sim);
		const auto which = [&](unsigned connection) { return of(end_point{connection, true}); };
		sim.attach([&](const end_point& who, bpf_sock_ops& skops) {
			const unsigned mine = which(who.connection);
			if (mine != of_the_script &&
				(skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB)) {
				EXPECT_EQ(set_congestion(skops, all[mine].name), 0);
			}
		});
		sim.transfer(40'000);
		sim.run(100);
		each_end([&](const end_point& who) {
			const unsigned mine = which(who.connection);
			EXPECT_EQ(algorithm(sim.socket(who)), all[mine].type);
			const auto data = sim.sent_first(who);
			for (const segment& each : data)
				EXPECT_EQ(each.ect, mine == dctcp) << "which alone needs ECN";
			const auto later = after_first_flight(sim.sent(who, kind::data));
			EXPECT_EQ(in_pairs(later), mine != bbr) << "which alone is paced, after its first window";
			const std::size_t most = most_in_one_round(later);
			if (mine == three) {
				EXPECT_LE(most, 3u);
			} else if (mine != bbr) {
				EXPECT_GT(most, 3u);
			}
			EXPECT_EQ(sim.got(who), 40'000u);
		});
	});
}

INSTANTIATE_TEST_SUITE_P(ns3, options_on_the_wire, testing::ValuesIn(all_wire_setups),
						 [](const auto& one) { return name_of(one.param); });
