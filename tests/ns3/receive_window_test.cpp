// SPDX-License-Identifier: MIT
// RWND_INIT where ns-3 makes a small number smaller: with window scaling.
#include <gtest/gtest.h>

#include <ns3/config.h>
#include <ns3/uinteger.h>

#include "support.hpp"

using namespace ns3;
using namespace sockops;
using test::packet;

namespace {

/// When the server's first byte leaves, which it writes as soon as it can.
int64_t first_byte_from_server_us(uint32_t receive_buffer) {
	Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(receive_buffer));
	test::two_nodes sim;
	sim.attach([](bpf_sock_ops& skops) {
		if (skops.op == BPF_SOCK_OPS_RWND_INIT)
			skops.reply = 1;
		return 1;
	});
	sim.serve([](auto socket) { test::send(socket, 1); });
	sim.connect(test::read_and_close);
	sim.run(60);
	const auto data = sim.those([](const packet& p) { return !p.from_client && p.data != 0; });
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
