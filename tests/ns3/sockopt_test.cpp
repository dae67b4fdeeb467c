// SPDX-License-Identifier: MIT
// The options that programs set: what changes on the wire, what can be read back, what is refused.

#include "support.hpp"

#include <cerrno>
#include <cstring>

#include <gtest/gtest.h>

#include <sockops/hook/helpers.hpp>
#include <sockops/kern/errno.hpp>

using namespace sockops;
using ns3::TcpHeader;
using test::packet;

namespace {

const auto is_client_data = [](const packet& p) { return p.from_client && p.data > 0; };

int set(bpf_sock_ops& skops, int option, int value) {
	return bpf_setsockopt(skops, sol::tcp, option, &value, sizeof value);
}
int get(bpf_sock_ops& skops, int option, int& value) {
	return bpf_getsockopt(skops, sol::tcp, option, &value, sizeof value);
}
int set_congestion(bpf_sock_ops& skops, const char* name) {
	return bpf_setsockopt(skops, sol::tcp, tcp_option::congestion, name, static_cast<int>(std::strlen(name)));
}
std::string get_congestion(bpf_sock_ops& skops) {
	char name[16];
	EXPECT_EQ(bpf_getsockopt(skops, sol::tcp, tcp_option::congestion, name, sizeof name), 0);
	return name;
}

/// Runs `what` in the client's ACTIVE_ESTABLISHED_CB, then sends `bytes`.
template <class What>
void in_active_established(test::two_nodes& sim, What what, u32 bytes = 120'000) {
	sim.attach([what](bpf_sock_ops& skops) mutable {
		if (skops.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
			what(skops);
		return 1;
	});
	sim.serve(test::read_and_close);
	sim.connect([bytes](auto socket) { test::send(socket, bytes); });
}

/// Data packets that leave together with the first one.
std::size_t first_flight(const test::two_nodes& sim) {
	const auto data = sim.those(is_client_data);
	std::size_t n = 0;
	while (n != data.size() && data[n].time_us == data[0].time_us)
		++n;
	return n;
}

std::size_t most_in_one_round(const test::two_nodes& sim) {
	std::size_t most = 0;
	const auto data = sim.those(is_client_data);
	for (std::size_t first = 0, last = 0; last != data.size(); ++last) {
		while (data[last].time_us - data[first].time_us >= 20'000)
			++first;
		most = std::max(most, last - first + 1);
	}
	return most;
}

} // namespace

TEST(sockopt, iw_is_the_first_flight) {
	for (const int packets : {1, 3, 10, 40}) {
		int result = -1;
		u32 cwnd = 0;
		test::two_nodes sim;
		in_active_established(sim, [&](bpf_sock_ops& skops) {
			result = set(skops, TCP_BPF_IW, packets);
			cwnd = skops.snd_cwnd;
		});
		sim.run(5);
		EXPECT_EQ(result, 0);
		EXPECT_EQ(cwnd, u32(packets)) << "snd_cwnd is where it can be read";
		EXPECT_EQ(first_flight(sim), std::size_t(packets));
	}
}

TEST(sockopt, iw_of_the_server_in_passive_established) {
	test::two_nodes sim;
	sim.attach([](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
			EXPECT_EQ(set(skops, TCP_BPF_IW, 25), 0);
		}
		return 1;
	});
	sim.serve([](auto socket) { test::send(socket, 100'000); });
	sim.connect(test::read_and_close);
	sim.run(5);
	const auto data = sim.those([](const packet& p) { return !p.from_client && p.data > 0; });
	ASSERT_GT(data.size(), 25u);
	EXPECT_EQ(data[24].time_us, data[0].time_us);
	EXPECT_GT(data[25].time_us, data[0].time_us);
}

TEST(sockopt, iw_and_clamp_cannot_be_read_and_refuse_bad_values) {
	test::two_nodes sim;
	bool ran = false;
	in_active_established(sim, [&](bpf_sock_ops& skops) {
		ran = true;
		for (const int option : {TCP_BPF_IW, TCP_BPF_SNDCWND_CLAMP}) {
			EXPECT_EQ(set(skops, option, 0), -EINVAL);
			EXPECT_EQ(set(skops, option, -3), -EINVAL);
			int value = 7;
			EXPECT_EQ(get(skops, option, value), -EINVAL);
			EXPECT_EQ(value, 0) << "zeroed on error";
		}
	});
	sim.run(5);
	EXPECT_TRUE(ran);
	EXPECT_EQ(first_flight(sim), 10u) << "nothing has changed";
}

TEST(sockopt, iw_is_refused_once_data_was_sent) {
	int result = 0;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		if (skops.op == BPF_SOCK_OPS_STATE_CB && skops.args[1] == TCP_FIN_WAIT1)
			result = set(skops, TCP_BPF_IW, 20);
		return 1;
	});
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) {
		test::send(socket, 100);
		socket->Close();
	});
	sim.run(5);
	EXPECT_EQ(result, -EINVAL);
}

TEST(sockopt, sndcwnd_clamp_bounds_the_window) {
	const auto most_with = [](int clamp) {
		test::two_nodes sim;
		in_active_established(
			sim,
			[clamp](bpf_sock_ops& skops) {
				EXPECT_EQ(set(skops, TCP_BPF_SNDCWND_CLAMP, clamp), 0);
				EXPECT_EQ(skops.snd_ssthresh, static_cast<u32>(clamp)) << "the clamp sets it too";
			},
			120'000);
		sim.run(5);
		return most_in_one_round(sim);
	};
	EXPECT_GT(most_with(1000), 30u);
	EXPECT_GE(most_with(12), 11u);
	EXPECT_LE(most_with(12), 13u) << "a packet may leave at each end of the round";
}

TEST(sockopt, rto_min_is_how_soon_a_lost_segment_is_sent_again) {
	const auto wait_us = [](int rto_min_us) {
		test::two_nodes sim;
		sim.lose_to_server({2}); // after SYN and ACK: the only data packet
		in_active_established(
			sim,
			[rto_min_us](bpf_sock_ops& skops) {
				if (rto_min_us == 0)
					return;
				EXPECT_EQ(set(skops, TCP_BPF_RTO_MIN, rto_min_us), 0);
				int now = 0;
				EXPECT_EQ(get(skops, TCP_BPF_RTO_MIN, now), 0);
				EXPECT_EQ(now, rto_min_us);
			},
			500);
		sim.run(20);
		const auto data = sim.those(is_client_data);
		EXPECT_EQ(data.size(), 2u);
		return data.size() == 2 ? data[1].time_us - data[0].time_us : -1;
	};
	EXPECT_EQ(wait_us(0), 1'000'000) << "ns-3's MinRto";
	EXPECT_EQ(wait_us(200'000), 200'000);
	EXPECT_EQ(wait_us(100'000), 100'000);
}

TEST(sockopt, rto_min_bounds_and_default) {
	test::two_nodes sim;
	int ran = 0;
	in_active_established(sim, [&](bpf_sock_ops& skops) {
		++ran;
		int now = 0;
		EXPECT_EQ(get(skops, TCP_BPF_RTO_MIN, now), 0);
		EXPECT_EQ(now, 1'000'000) << "what ns-3 has";
		for (const int bad : {-1, 0, 4'000, 204'000, 1'000'000}) // 2 jiffies to HZ/5
			EXPECT_EQ(set(skops, TCP_BPF_RTO_MIN, bad), -EINVAL) << bad;
		EXPECT_EQ(set(skops, TCP_BPF_RTO_MIN, 8'000), 0);
	});
	sim.run(5);
	EXPECT_EQ(ran, 1);
}

TEST(sockopt, delack_max_is_how_soon_a_lone_segment_is_acknowledged) {
	const auto wait_us = [](int delack_max_us) {
		test::two_nodes sim;
		sim.attach([=](bpf_sock_ops& skops) {
			if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB && delack_max_us != 0) {
				EXPECT_EQ(set(skops, TCP_BPF_DELACK_MAX, delack_max_us), 0);
			}
			return 1;
		});
		sim.serve(test::read_and_close);
		sim.connect([](auto socket) { test::send(socket, 500); }); // acknowledged at once
		sim.at(3, [&] { test::send(sim.client, 500); });
		sim.run(5);
		const auto data = sim.those(is_client_data);
		return sim.packets.back().time_us - data.back().time_us;
	};
	EXPECT_NEAR(double(wait_us(0)), 210'000, 1'000) << "ns-3's DelAckTimeout, and the way";
	EXPECT_NEAR(double(wait_us(40'000)), 50'000, 1'000);
}

TEST(sockopt, congestion_is_set_read_back_and_refused) {
	test::two_nodes sim;
	int ran = 0;
	in_active_established(sim, [&](bpf_sock_ops& skops) {
		++ran;
		EXPECT_EQ(get_congestion(skops), "cubic");
		for (const char* known : {"bbr", "bic", "dctcp", "highspeed", "htcp", "hybla", "illinois", "lp",
								  "scalable", "vegas", "veno", "westwood", "yeah", "reno", "cubic"}) {
			EXPECT_EQ(set_congestion(skops, known), 0) << known;
			EXPECT_EQ(get_congestion(skops), known);
		}
		EXPECT_EQ(set_congestion(skops, "nosuch"), -ENOENT);
		EXPECT_EQ(set_congestion(skops, "nv"), -ENOENT);
		EXPECT_EQ(set_congestion(skops, "cdg"), -kern_errno::notsupp);
		EXPECT_EQ(set_congestion(skops, "x"), -EINVAL);
		EXPECT_EQ(get_congestion(skops), "cubic") << "refused ones change nothing";
	});
	sim.run(5);
	EXPECT_EQ(ran, 1);
	EXPECT_GE(sim.those(is_client_data).size(), 120u) << "all of it is delivered";
}

TEST(sockopt, options_that_ns3_does_not_look_at_are_refused_in_so_many_words) {
	test::two_nodes sim;
	int ran = 0;
	in_active_established(sim, [&](bpf_sock_ops& skops) {
		++ran;
		const int value = 100'000;
		EXPECT_EQ(set(skops, tcp_option::user_timeout, value), -ENOPROTOOPT);
		EXPECT_EQ(bpf_setsockopt(skops, sol::socket, so_option::sndbuf, &value, sizeof value), -ENOPROTOOPT);
		EXPECT_EQ(set(skops, tcp_option::user_timeout, -1), -EINVAL) << "the kernel's checks come first";
		int now = 7;
		EXPECT_EQ(get(skops, tcp_option::user_timeout, now), -ENOPROTOOPT);
		EXPECT_EQ(now, 0);
	});
	sim.run(5);
	EXPECT_EQ(ran, 1);
}

TEST(sockopt, congestion_set_on_the_listener_is_the_childs) {
	std::string child;
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB) {
			EXPECT_EQ(set_congestion(skops, "vegas"), 0);
		}
		if (skops.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
			child = get_congestion(skops);
		return 1;
	});
	sim.serve();
	sim.connect();
	sim.run(5);
	EXPECT_EQ(child, "vegas");
}

TEST(sockopt, dctcp_on_connect_asks_for_ecn) {
	test::two_nodes sim;
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops.op == BPF_SOCK_OPS_TCP_LISTEN_CB) {
			EXPECT_EQ(set_congestion(skops, "dctcp"), 0);
		}
		return 1;
	});
	sim.serve(test::read_and_close);
	sim.connect([](auto socket) { test::send(socket, 5'000); });
	sim.run(5);
	EXPECT_EQ(sim.packets[0].flags, TcpHeader::SYN | TcpHeader::ECE | TcpHeader::CWR);
	for (const packet& data : sim.those(is_client_data))
		EXPECT_TRUE(data.ect);
}

TEST(sockopt, congestion_changed_all_the_time_loses_no_byte) {
	const char* const names[] = {"bic",      "highspeed", "htcp", "hybla",    "illinois", "lp",   "dctcp",
								 "scalable", "vegas",     "veno", "westwood", "yeah",     "reno", "cubic"};
	std::size_t next = 0;
	uint64_t taken = 0;
	test::two_nodes sim;
	sim.lose_to_server({20, 21, 90, 140});
	sim.attach([&](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_TCP_CONNECT_CB)
			bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG);
		if (skops.op == BPF_SOCK_OPS_RTT_CB) {
			EXPECT_EQ(set_congestion(skops, names[next++ % std::size(names)]), 0);
		}
		return 1;
	});
	sim.serve([&](auto socket) {
		socket->SetRecvCallback(ns3::Callback<void, ns3::Ptr<ns3::Socket>>([&](ns3::Ptr<ns3::Socket> from) {
			if (const auto data = from->Recv())
				taken += data->GetSize();
		}));
	});
	sim.connect([](auto socket) { test::send(socket, 120'000); });
	for (double when = 2; when < 30; ++when)
		sim.at(when, [&] { test::send(sim.client, 50'000); });
	sim.run(200);
	EXPECT_EQ(taken, 120'000u + 28 * 50'000u);
	EXPECT_GT(next, std::size(names));
}
