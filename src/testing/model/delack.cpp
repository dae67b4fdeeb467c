// SPDX-License-Identifier: MIT
// When to acknowledge: at once at the start and after a pause (quick), later in a conversation (pingpong).

#include "stack.hpp"

namespace sockops::testing::model {

namespace {
constexpr u32 most_quick_acks = 16;
/// 40 ms, or 4 jiffies where a second has less than 100.
u32 least_ato(const net& in) noexcept { return in.profile.hz >= 100 ? in.profile.hz / 25 : 4; }
} // namespace

void connection::enter_quick_ack(u32 most) noexcept {
	u32 acks = rcv_wnd_ / (2 * ack_.rcv_mss);
	acks = std::min(acks == 0 ? 2 : acks, most);
	ack_.quick = std::max(ack_.quick, acks);
}

/// How large the peer's segments are; and whether it has pushed.
void connection::measure_rcv_mss(u32 header, const segment& seg) noexcept {
	const u32 last = std::exchange(ack_.last_seg_size, 0);
	u32 len = seg.len;
	if (len >= ack_.rcv_mss) {
		if (len != ack_.rcv_mss)
			measure_payload_ratio(len);
		ack_.rcv_mss = std::min<u32>(len, advertised_mss());
		ack_.pushed |= seg.has(TCPHDR_PSH);
		return;
	}
	len += header;
	const bool remnant = seg.flags & (TCPHDR_FIN | TCPHDR_URG | TCPHDR_SYN | TCPHDR_PSH);
	if (len >= 536 + 20 || (len >= 88 + 20 && !remnant)) {
		len -= tcp_header_len;
		ack_.last_seg_size = len;
		if (len == last) {
			ack_.rcv_mss = len;
			return;
		}
	}
	ack_.pushed2 |= ack_.pushed;
	ack_.pushed = true;
}

void connection::data_received(u32 header, const segment& seg) {
	ack_.scheduled = true;
	see_ecn(seg);
	measure_rcv_mss(header, seg);
	const u32 now = jiffies(), least = least_ato(*skc_net);
	const u32 pause = now - ack_.last_received;
	if (ack_.ato == 0) {
		enter_quick_ack(most_quick_acks);
		ack_.ato = least;
	} else if (pause <= least / 2) {
		ack_.ato = ack_.ato / 2 + least / 2;
	} else if (pause < ack_.ato) {
		ack_.ato = std::min(ack_.ato / 2 + pause, icsk_rto);
	} else if (pause > icsk_rto) {
		enter_quick_ack(most_quick_acks);
	}
	ack_.last_received = now;
	if (seg.len >= 128 && seg.seq + seg.len == rcv_nxt)
		grow_receive_window(seg.len, seg.len);
}

void connection::check_ack_needed(bool maybe_out_of_order) {
	const bool full_frame =
		rcv_nxt - rcv_wup_ > ack_.rcv_mss && (rcv_nxt == copied_seq_ || wanted_window() >= rcv_wnd_);
	if (full_frame || in_quick_ack() || ack_.now) {
		if (owned_)
			ack_.deferred = true; // until the application's call is over
		else
			send_ack();
	} else if (maybe_out_of_order && !out_of_order_.empty()) {
		send_ack();
	} else {
		send_delayed_ack();
	}
}

void connection::send_delayed_ack() {
	u32 ato = ack_.ato;
	const u32 least = least_ato(*skc_net);
	if (ato > least) {
		u32 most = skc_net->profile.part_of_second(in_pingpong() || ack_.pushed ? 5 : 2);
		if (srtt_us != 0)
			most = std::min<u32>(
				most, std::max<u32>(static_cast<u32>(usecs_to_jiffies(*skc_net, srtt_us >> 3)), least));
		ato = std::min(ato, most);
	}
	ato = std::min(ato, icsk_delack_max);
	u64 when = after_jiffies(*skc_net, ato);
	if (delack_timer_.armed()) {
		if (delack_timer_.when() <= after_jiffies(*skc_net, ato >> 2))
			return send_ack();
		when = std::min(when, delack_timer_.when());
	}
	delack_timer_.arm(when, [this] {
		host_.out().softirq([this] {
			if (skc_state == TCP_CLOSE || skc_state == TCP_LISTEN || !ack_.scheduled)
				return;
			bh_lock_sock(*this);
			if (in_pingpong()) {
				ack_.pingpong = 0;
				ack_.ato = least_ato(*skc_net);
			} else {
				ack_.ato = std::min(ack_.ato * 2, icsk_rto);
			}
			send_ack();
			bh_unlock_sock(*this);
		});
	});
}

/// A header with an ACK goes out.
void connection::ack_sent(u32 packets) noexcept {
	if (ack_.quick != 0) {
		if (packets >= ack_.quick) {
			ack_.quick = 0;
			ack_.ato = least_ato(*skc_net);
		} else {
			ack_.quick -= packets;
		}
	}
	ack_.scheduled = ack_.pushed = ack_.pushed2 = ack_.now = ack_.deferred = false;
	delack_timer_.stop();
}

/// Data goes out: if it answers something, this is a conversation.
void connection::data_sent() noexcept {
	if (jiffies() - ack_.last_received < ack_.ato)
		++ack_.pingpong;
}

/// The application has read: does the peer have to know?
void connection::clean_receive_buffer(u32 copied) {
	bool now = false;
	if (ack_.scheduled)
		now = rcv_nxt - rcv_wup_ > ack_.rcv_mss ||
			  (copied > 0 && (ack_.pushed2 || (ack_.pushed && !in_pingpong())) && !unread());
	if (copied > 0 && !now && !shut_rcv_) {
		const u32 offered = receive_window();
		if (2 * offered <= window_clamp_)
			now = wanted_window() != 0 && wanted_window() >= 2 * offered;
	}
	if (now)
		send_ack();
}

} // namespace sockops::testing::model
