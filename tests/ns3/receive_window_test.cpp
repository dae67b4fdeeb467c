// SPDX-License-Identifier: MIT
// RWND_INIT with window scaling, where ns-3 would make a small window smaller, or none.
#include <gtest/gtest.h>

#include <ns3/boolean.h>
#include <ns3/config.h>
#include <ns3/uinteger.h>

#include "support.hpp"

using namespace ns3;
using namespace sockops;
using test::packet;

namespace {

void reply(test::two_nodes& sim, u32 packets) {
	sim.attach([packets](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_RWND_INIT)
			skops.reply = packets;
		return 1;
	});
}

bool is_server_data(const packet& p) { return !p.from_client && p.data != 0; }

/// When the server's first byte leaves, which it writes as soon as it can.
int64_t first_byte_from_server_us(uint32_t receive_buffer) {
	Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(receive_buffer));
	test::two_nodes sim;
	reply(sim, 1);
	sim.serve([](auto socket) { test::send(socket, 1); });
	sim.connect(test::read_and_close);
	sim.run(60);
	const auto data = sim.those(is_server_data);
	return data.empty() ? -1 : data[0].time_us;
}

} // namespace

/// 64 MiB are announced in units of 1024 bytes; one packet is of 1000. As 0 units the window would be closed,
/// and be probed after PersistTimeout, 6 s.
TEST(receive_window, one_packet_under_a_large_scale_is_not_a_closed_window) {
	static_assert(test::mss < 1024);
	const int64_t small_scale_us = first_byte_from_server_us(100'000);
	EXPECT_GT(small_scale_us, 0);
	EXPECT_EQ(first_byte_from_server_us(64 << 20), small_scale_us);
}

/// It would take 3000 bytes in units of 8 for 375 bytes, and wait for room for one segment.
TEST(receive_window, a_peer_that_does_not_scale_is_told_bytes) {
	Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(300'000));
	test::two_nodes sim;
	reply(sim, 3);
	sim.serve([](auto socket) { test::send(socket, 20'000); });
	sim.listener->SetAttribute("WindowScaling", BooleanValue(false));
	sim.connect(test::read_and_close);
	sim.run(60);
	const auto data = sim.those(is_server_data);
	ASSERT_EQ(data.size(), 20u);
	EXPECT_EQ(data[2].time_us, data[0].time_us);
	EXPECT_GT(data[3].time_us, data[0].time_us) << "the fourth waits for an acknowledgement";
}
