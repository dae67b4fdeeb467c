// SPDX-License-Identifier: MIT
// One call of the hook, as a program saw it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace traces {

/// Unless a timeline has others; host order.
constexpr std::uint16_t client_port = 0x5151, server_port = 0x5150;

struct call {
	std::uint32_t op = 0;
	bool is_fullsock = false;
	std::uint32_t state = 0;
	/// Without what differs from run to run: of RTT_CB they are 0, and the sequence number of RETRANS_CB
	/// counts from the first SYN of its sender, which is 0.
	std::array<std::uint32_t, 4> args{};
	std::uint32_t cb_flags = 0, skb_len = 0, skb_tcp_flags = 0, family = 0, local_port = 0, remote_port = 0,
				  snd_cwnd = 0;
	/// "10.1.2.3>10.0.0.1 ::ffff:10.1.2.3>::ffff:10.0.0.1": own and peer's, in the fields of IPv4 and in
	/// those of IPv6; and behind it what a bpf_sock or a header shows that differs.
	std::string addresses;

	friend bool operator==(const call&, const call&) = default;
};

/// The calls between an event and the next, of each side in order. The order between sides is not kept.
struct interval {
	std::vector<call> client, server;

	friend bool operator==(const interval&, const interval&) = default;
};

/// One interval for each event.
using trace = std::vector<interval>;

/// "STATE(2>1)": as a timeline file says it.
std::string text_of(const call& one);
/// With all members: for a person who looks for a difference.
std::string details_of(const call& one);

/// "TIMEOUT_INIT"; "op99" if it has no name.
std::string op_name(std::uint32_t op);

} // namespace traces
