// SPDX-License-Identifier: MIT
// What the tests on the wire have in common: each is run by IPv4 and IPv6, with one connection and with four
// at once, two from either node, with losses and without. Each connection has another value, by its port, and
// each has each of four values once.
#pragma once

#include "wire_support.hpp"

#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include <sockops/hook/helpers.hpp>

namespace test {

inline constexpr uint32_t script_window = 65535;    ///< of a SYN
inline constexpr uint32_t receive_buffer = 131'072; ///< bytes
inline constexpr unsigned window_scale = 2;         ///< of that buffer
inline constexpr uint32_t script_iw = 10;
inline constexpr int64_t script_conn_timeout_us = 3'000'000;
inline constexpr int64_t script_rto_min_us = 1'000'000;
inline constexpr int64_t script_delack_us = 200'000;
inline constexpr int64_t us_per_jiffy = 4'000;

class on_the_wire : public testing::TestWithParam<wire_setup> {
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
			sim.send(client ? 12 : 22, client, lone_total(client) - 500);
			sim.send(client ? 14 : 24, client, 500);
		}
	}
	static uint32_t lone_total(bool client) { return client ? 1'500 : 2'500; }
};

inline int set(sockops::bpf_sock_ops& skops, int option, int value) {
	return sockops::bpf_setsockopt(skops, sockops::sol::tcp, option, &value, sizeof value);
}
inline int set_congestion(sockops::bpf_sock_ops& skops, const char* name) {
	return sockops::bpf_setsockopt(skops, sockops::sol::tcp, sockops::tcp_option::congestion, name,
								   static_cast<int>(std::strlen(name)));
}
inline bool is_established(sockops::u32 op) {
	return op == sockops::BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
		   op == sockops::BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
}

/// For INSTANTIATE_TEST_SUITE_P of a class derived from on_the_wire.
inline constexpr wire_setup all_wire_setups[] = {{false, 1, false}, {false, 1, true}, {false, 4, false},
												 {false, 4, true},  {true, 1, false}, {true, 1, true},
												 {true, 4, false},  {true, 4, true}};

} // namespace test
