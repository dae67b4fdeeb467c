// SPDX-License-Identifier: MIT
// The scripted peer: sends what the timeline says, in numbers that count from the first of each side.
#pragma once

#include "stack.hpp"

namespace sockops::testing::model {

class scripted_peer {
  public:
	scripted_peer(side mine, link& out, stack& other_side, u32 isn)
		: mine_(mine), link_(out), other_(other_side), isn_(isn) {
		link_.connect(other(mine), [](packet&) {});
	}

	void send(const peer_segment& what) {
		segment head{.seq = isn_ + what.seq, .len = length(what), .flags = what.flags, .window = what.window};
		head.source = other_.peer_port();
		head.dest = other_.port();
		if (what.ack)
			head.ack = other_.first_seq() + *what.ack;
		packet out(head.len);
		out.push_tcp(head, what.options);
		sock_common nobody;
		other_.set_addresses_of_peer(nobody);
		out.push_ip(nobody, other_.ipv6(), what.ect);
		link_.send(mine_, std::move(out));
	}

  private:
	/// SYN and FIN take a number without a byte; a range of 1 without data is theirs.
	static u32 length(const peer_segment& what) noexcept {
		const u32 range = what.end_seq - what.seq;
		return range == 1 && (what.flags & (TCPHDR_SYN | TCPHDR_FIN)) ? 0 : range;
	}

	const side mine_;
	link& link_;
	stack& other_;
	const u32 isn_;
};

} // namespace sockops::testing::model
