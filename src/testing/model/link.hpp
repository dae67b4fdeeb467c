// SPDX-License-Identifier: MIT
// The link between the two sides, and what the kernel calls softirq: where packets arrive.
//
// Without delay it is a loopback: a packet arrives at the other side within the call that sends it, but
// not within the arrival of another packet: then it waits until that is over.
#pragma once

#include <array>
#include <deque>
#include <functional>

#include <sockops/testing/timeline.hpp>

#include "clock.hpp"
#include "packet.hpp"

namespace sockops::testing::model {

class link {
  public:
	link(virtual_clock& clock, u64 delay_ns) : clock_(clock), delay_ns_(delay_ns) {}

	/// Who gets what `from` sends.
	void connect(side from, std::function<void(packet&)> receiver) { receivers_[index(from)] = receiver; }
	void send(side from, packet&& what);

	/// Loses `count` packets of this kind, after `pass` of them.
	void drop(side from, packet_kind kind, u32 pass, u32 count) {
		rules_[index(from)][static_cast<int>(kind)] = {pass, count};
	}

	/// Runs `what` with arrivals held back; they follow it, at once.
	template <class What>
	void softirq(What&& what) {
		++held_;
		what();
		if (--held_ == 0)
			deliver();
	}

  private:
	struct rule {
		u32 pass = 0, count = 0;
		bool loses_this() noexcept;
	};
	static std::size_t index(side which) noexcept { return static_cast<std::size_t>(which); }
	bool loses(side from, const packet& what) noexcept;
	void arrive(side from, packet&& what);
	void deliver();

	virtual_clock& clock_;
	const u64 delay_ns_;
	std::array<std::function<void(packet&)>, 2> receivers_;
	std::array<std::array<rule, 7>, 2> rules_{};
	std::deque<std::pair<side, packet>> arrived_;
	u32 held_ = 0;
};

} // namespace sockops::testing::model
