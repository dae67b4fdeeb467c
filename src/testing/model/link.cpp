// SPDX-License-Identifier: MIT

#include "link.hpp"

#include <memory>

namespace sockops::testing::model {

namespace {

/// What it takes from one socket to the other where there is no delay.
constexpr u64 hop_ns = 10'000;

packet_kind kind_of(const packet& what) noexcept {
	const segment head = what.parse();
	if (head.has(TCPHDR_RST))
		return packet_kind::rst;
	if (head.has(TCPHDR_SYN))
		return head.has(TCPHDR_ACK) ? packet_kind::synack : packet_kind::syn;
	if (head.has(TCPHDR_FIN))
		return packet_kind::fin;
	return head.len != 0 ? packet_kind::data : packet_kind::ack;
}

} // namespace

bool link::rule::loses_this() noexcept {
	if (count == 0)
		return false;
	if (pass != 0) {
		--pass;
		return false;
	}
	if (count != timeline_event::all)
		--count;
	return true;
}

bool link::loses(side from, const packet& what) noexcept {
	auto& rules = rules_[index(from)];
	const bool this_kind = rules[static_cast<int>(kind_of(what))].loses_this();
	const bool any = rules[static_cast<int>(packet_kind::any)].loses_this();
	return this_kind || any;
}

void link::send(side from, packet&& what) {
	if (loses(from, what))
		return;
	if (delay_ns_ == 0)
		return arrive(from, std::move(what));
	clock_.at(clock_.now() + delay_ns_, [this, from, moving = std::make_shared<packet>(std::move(what))] {
		arrive(from, std::move(*moving));
	});
}

void link::arrive(side from, packet&& what) {
	arrived_.emplace_back(from, std::move(what));
	if (held_ == 0)
		deliver();
}

void link::deliver() {
	++held_;
	while (!arrived_.empty()) {
		auto [from, what] = std::move(arrived_.front());
		arrived_.pop_front();
		if (delay_ns_ == 0)
			clock_.spend(hop_ns);
		receivers_[index(from)](what);
	}
	--held_;
}

} // namespace sockops::testing::model
