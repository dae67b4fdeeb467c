// SPDX-License-Identifier: MIT
// A segment arrives: what header prediction takes at once, what is valid, and the way through the states.

#include "stack.hpp"

namespace sockops::testing::model {

void connection::release_backlog() {
	while (!backlog_.empty()) {
		packet next = std::move(backlog_.front());
		backlog_.pop_front();
		receive(next);
	}
	host_.out().softirq([this] {
		if (std::exchange(ack_.deferred, false) && ack_.scheduled)
			send_ack();
		owned_ = false;
		release_sock(*this);
	});
}

/// ACKs that say the same with other numbers become one, the latest.
void connection::add_to_backlog(packet&& what) {
	const segment seg = what.parse();
	if (!backlog_.empty()) {
		packet& last = backlog_.back();
		const segment before_it = last.parse();
		const bool alike = seg.flags == TCPHDR_ACK && before_it.flags == TCPHDR_ACK && seg.len == 0 &&
						   before_it.len == 0 && seg.seq == before_it.seq && !before(seg.ack, before_it.ack);
		if (alike && what.same_options(last)) {
			last = std::move(what);
			return;
		}
	}
	backlog_.push_back(std::move(what));
}

/// Also what then waits, or is thrown away.
void connection::count_arrival(const segment& seg) noexcept {
	++segs_in;
	data_segs_in += seg.len != 0 ? 1 : 0;
}

void connection::arrives(packet& what) {
	count_arrival(what.parse());
	if (owned_)
		return add_to_backlog(std::move(what));
	bh_lock_sock(*this);
	receive(what);
	bh_unlock_sock(*this);
}

void connection::receive(packet& what) {
	const segment seg = what.parse();
	if (skc_state == TCP_ESTABLISHED)
		receive_established(what, seg);
	else if (skc_state == TCP_SYN_SENT)
		receive_in_syn_sent(what, seg);
	else if (skc_state != TCP_CLOSE)
		receive_in_state(what, seg);
}

void connection::try_fast_path() noexcept { fast_path_ = out_of_order_.empty() && rcv_wnd_ != 0; }

/// Header prediction: just what was expected next, with the usual header and the same window.
bool connection::predicted(const packet& what, const segment& seg) const noexcept {
	if (is_wrong(wrong_rule::no_header_prediction))
		return false;
	if (!fast_path_ || (seg.flags & ~TCPHDR_PSH) != TCPHDR_ACK || seg.seq != rcv_nxt ||
		after(seg.ack, snd_nxt))
		return false;
	if (what.tcp_header() != tcp_header_len || u32{seg.window} << snd_wscale_ != snd_wnd_)
		return false;
	const u8* const options = const_cast<packet&>(what).tcp() + tcp_header_size;
	if (ts_ok_ && (!is_aligned_time_stamp(options, what.tcp_header() - tcp_header_size) ||
				   before(seg.options.ts->value, ts_recent_)))
		return false;
	return seg.len == 0 || receive_window() >= seg.len;
}

void connection::receive_established(packet& what, const segment& seg) {
	if (predicted(what, seg)) {
		if (ts_ok_ && rcv_nxt == rcv_wup_)
			ts_recent_ = seg.options.ts->value;
		if (seg.len == 0) {
			acknowledge(seg, 0);
			return push_pending();
		}
		take_in_order(what, seg);
		data_received(what.tcp_header(), seg);
		if (seg.ack != snd_una) {
			acknowledge(seg, with_data);
			push_pending();
			if (!ack_.scheduled)
				return;
		} else {
			snd_wl1_ = seg.seq;
		}
		return check_ack_needed(false);
	}
	if (!(seg.flags & (TCPHDR_ACK | TCPHDR_RST | TCPHDR_SYN)) || !validate(what, seg))
		return;
	if (!acknowledge(seg, slow_path | update_ts))
		return;
	queue_data(what, seg);
	if (skc_state == TCP_CLOSE)
		return;
	push_pending();
	if (ack_.scheduled)
		check_ack_needed(true);
}

/// Duplicates and strays are told where we are.
void connection::out_of_window(const segment& seg) {
	if (seg.end_seq() != seg.seq && before(seg.seq, rcv_nxt)) {
		enter_quick_ack(16);
		if (sack_ok_)
			dsack_ = sack_block{seg.seq, before(rcv_nxt, seg.end_seq()) ? rcv_nxt : seg.end_seq()};
	}
	send_ack();
}

/// tcp_validate_incoming(): PAWS, sequence, RST, SYN. True: the segment counts, and programs have seen it.
bool connection::validate(packet& what, const segment& seg) {
	if (ts_ok_ && seg.options.ts && before(seg.options.ts->value, ts_recent_) && !seg.has(TCPHDR_RST)) {
		out_of_window(seg);
		return false;
	}
	if (before(seg.end_seq(), rcv_wup_) || after(seg.seq, rcv_nxt + receive_window())) {
		if (!seg.has(TCPHDR_RST))
			out_of_window(seg);
		return false;
	}
	if (seg.has(TCPHDR_RST)) {
		if (seg.seq == rcv_nxt)
			reset_received();
		else
			send_ack(); // a challenge
		return false;
	}
	if (seg.has(TCPHDR_SYN) && skc_state != TCP_SYN_RECV) {
		send_ack();
		return false;
	}
	sk_buff skb = what.skb();
	hook::bpf_skops_parse_hdr(*this, skb);
	return true;
}

void connection::receive_in_state(packet& what, const segment& seg) {
	if (fast_open_child_ && skc_state == TCP_SYN_RECV && seg.has(TCPHDR_SYN) && seg.seq == irs_)
		return host_.repeat_synack();
	if (!(seg.flags & (TCPHDR_ACK | TCPHDR_RST | TCPHDR_SYN)) || !validate(what, seg))
		return;
	if (!acknowledge(seg, slow_path | update_ts))
		return;
	if (skc_state == TCP_SYN_RECV && !finish_syn_recv(what, seg))
		return;
	if (skc_state == TCP_FIN_WAIT1 && snd_una == write_seq_) {
		set_state(TCP_FIN_WAIT2);
		shut_snd_ = true;
		if (orphan_) {
			if (seg.len != 0 && after(seg.end_seq() - (seg.has(TCPHDR_FIN) ? 1 : 0), rcv_nxt))
				return host_.send_reset(seg), done();
			if (!seg.has(TCPHDR_FIN) && !owned_)
				return go_time_wait(TCP_FIN_WAIT2);
		}
	} else if (skc_state == TCP_CLOSING && snd_una == write_seq_) {
		return go_time_wait(TCP_TIME_WAIT);
	} else if (skc_state == TCP_LAST_ACK && snd_una == write_seq_) {
		return done();
	}
	const bool no_more_data =
		skc_state == TCP_CLOSE_WAIT || skc_state == TCP_CLOSING || skc_state == TCP_LAST_ACK;
	if ((skc_state == TCP_FIN_WAIT1 || skc_state == TCP_FIN_WAIT2) && shut_rcv_ && seg.len != 0 &&
		after(seg.end_seq() - (seg.has(TCPHDR_FIN) ? 1 : 0), rcv_nxt)) {
		reset_received();
		return host_.send_reset(seg);
	}
	if (!no_more_data || before(seg.seq, rcv_nxt))
		queue_data(what, seg);
	if (skc_state == TCP_CLOSE)
		return;
	push_pending();
	if (ack_.scheduled)
		check_ack_needed(true);
}

} // namespace sockops::testing::model
