// SPDX-License-Identifier: MIT
// The other side of a connection, without a TCP of its own: it sends the segments that it is told to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../bpf_calls.hpp"
#include "addresses.hpp"
#include "timeline_files.hpp"

namespace traces {

using sockops::testing::peer_segment;

/// On a TUN device of the thread's network namespace, which the socket's packets go to.
class scripted_peer {
  public:
	/// `played`: the side that the peer stands for.
	scripted_peer(side played, const both_addresses& where)
		: peer_(where[static_cast<std::size_t>(played)]),
		  stack_(where[static_cast<std::size_t>(other(played))]) {}

	/// Makes the device. "" or what went wrong.
	std::string set_up(std::uint32_t mtu);
	/// The segment has arrived when this returns. "" or what went wrong.
	std::string send(const peer_segment& segment);

  private:
	static constexpr std::uint32_t first_sequence_number = 0x10000000;

	void read_what_came();
	void look_at(const unsigned char* tcp, std::size_t size);
	[[nodiscard]] std::vector<unsigned char> packet_of(const peer_segment& segment) const;

	const timeline_address peer_, stack_;
	kernel_diff::owned_fd device_;
	std::uint32_t stack_first_ = 0;     ///< sequence number of the socket's SYN
	std::uint32_t stack_timestamp_ = 0; ///< the last that came from it
};

} // namespace traces
