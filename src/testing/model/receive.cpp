// SPDX-License-Identifier: MIT
// Data and FIN, in order or not.

#include <algorithm>

#include "stack.hpp"

namespace sockops::testing::model {

/// The next bytes. They are merged with what waits already, unless the sender still shares that.
void connection::take_in_order(const packet& what, const segment& seg) {
	const u32 end = seg.seq + seg.len;
	if (!unread())
		held_packets_ = 0;
	if (held_packets_ == 0 || !last_original_.expired()) {
		++held_packets_;
		last_original_ = what.original;
	}
	bytes_received += end - rcv_nxt;
	rcv_nxt = rcv_end_ = end;
}

void connection::queue_data(packet& what, const segment& seg) {
	if (seg.seq == seg.end_seq())
		return;
	if (!after(seg.end_seq(), rcv_nxt)) { // all of it is here already
		if (sack_ok_)
			dsack_ = sack_block{seg.seq, seg.end_seq()};
		enter_quick_ack(16);
		ack_.scheduled = true;
		return;
	}
	if (after(seg.seq, rcv_nxt)) {
		data_received(what.tcp_header(), seg);
		return queue_out_of_order(seg);
	}
	if (seg.len != 0) {
		take_in_order(what, seg);
		data_received(what.tcp_header(), seg);
	}
	bool fin = seg.has(TCPHDR_FIN);
	while (!out_of_order_.empty()) { // what was waiting for this
		const auto next = std::find_if(out_of_order_.begin(), out_of_order_.end(),
									   [&](const sack_block& each) { return !after(each.begin, rcv_nxt); });
		if (next == out_of_order_.end())
			break;
		if (after(next->end, rcv_nxt)) {
			bytes_received += next->end - rcv_nxt;
			rcv_nxt = rcv_end_ = next->end;
		}
		out_of_order_.erase(next);
		if (out_of_order_.empty()) {
			held_packets_ += std::exchange(ooo_packets_, 0u);
			ack_.now = true; // a hole is filled
		}
	}
	if (ooo_fin_ && ooo_fin_seq_ == rcv_nxt) {
		ooo_fin_ = false;
		fin = true;
	}
	try_fast_path();
	if (fin)
		fin_received();
}

void connection::queue_out_of_order(const segment& seg) {
	fast_path_ = false;
	ack_.scheduled = true;
	see_ecn(seg);
	if (seg.has(TCPHDR_FIN)) {
		ooo_fin_ = true;
		ooo_fin_seq_ = seg.seq + seg.len;
	}
	sack_block block{seg.seq, seg.seq + seg.len};
	const bool follows = std::any_of(out_of_order_.begin(), out_of_order_.end(),
									 [&](const sack_block& each) { return each.end == block.begin; });
	if (sack_ok_)
		grow_receive_window(seg.len, seg.len + (follows ? 0 : packet_overhead));
	for (auto at = out_of_order_.begin(); at != out_of_order_.end();) {
		if (after(at->begin, block.end) || before(at->end, block.begin)) {
			++at;
			continue;
		}
		block.begin = before(at->begin, block.begin) ? at->begin : block.begin;
		block.end = after(at->end, block.end) ? at->end : block.end;
		at = out_of_order_.erase(at);
	}
	++ooo_packets_;
	out_of_order_.push_front(block);
}

/// Its number counts as a byte that was received.
void connection::fin_received() {
	++rcv_nxt;
	++bytes_received;
	ack_.scheduled = true;
	shut_rcv_ = true;
	switch (skc_state) {
	case TCP_ESTABLISHED:
		set_state(TCP_CLOSE_WAIT);
		ack_.pingpong = 1;
		break;
	case TCP_FIN_WAIT1: // both at once
		send_ack();
		set_state(TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		send_ack();
		go_time_wait(TCP_TIME_WAIT);
		break;
	default:
		break;
	}
}

void connection::app_read() {
	const process_context held(*this);
	if (skc_state == TCP_LISTEN)
		return;
	const u32 copied = rcv_end_ - copied_seq_;
	copied_seq_ = rcv_end_;
	if (skc_state != TCP_CLOSE)
		clean_receive_buffer(copied);
}

} // namespace sockops::testing::model
