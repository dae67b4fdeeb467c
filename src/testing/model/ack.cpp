// SPDX-License-Identifier: MIT
// What an ACK brings: the send window, what the peer has, a round trip's time, room for more.

#include <algorithm>

#include "stack.hpp"

namespace sockops::testing::model {

void connection::take_ts(const segment& seg, u32 flags) {
	if (!ts_ok_ || !seg.options.ts || !(flags & update_ts) || after(seg.seq, rcv_wup_))
		return;
	if (!before(seg.options.ts->value, ts_recent_))
		ts_recent_ = seg.options.ts->value;
}

/// True if the window is another one now.
bool connection::update_send_window(const segment& seg) {
	const u32 window = u32{seg.window} << (seg.has(TCPHDR_SYN) ? 0 : snd_wscale_);
	const bool newer =
		after(seg.ack, snd_una) || after(seg.seq, snd_wl1_) || (seg.seq == snd_wl1_ && window > snd_wnd_);
	if (!newer)
		return false;
	snd_wl1_ = seg.seq;
	if (window == snd_wnd_)
		return true;
	snd_wnd_ = window;
	if (window > max_window_) {
		max_window_ = window;
		sync_mss();
	}
	fast_path_ = false;
	try_fast_path();
	return true;
}

/// False: it acknowledges what was never sent.
bool connection::acknowledge(const segment& seg, u32 flags) {
	ack_result result{.prior_una = snd_una, .prior_packets = packets_out};
	result.had_data = (flags & with_data) || seg.seq != seg.end_seq();
	if (before(seg.ack, snd_una)) {
		if (seg.options.num_sacks != 0 && packets_out != 0) {
			take_sacks(seg, result);
			fast_recovery(result);
		}
		return true;
	}
	if (after(seg.ack, snd_nxt))
		return false;
	result.una_advanced = after(seg.ack, snd_una);
	if (result.una_advanced)
		icsk_retransmits = 0;
	take_ts(seg, flags);
	const bool plain = result.una_advanced && !(flags & slow_path);
	if (plain)
		snd_wl1_ = seg.seq;
	else
		result.window_updated = update_send_window(seg);
	bytes_acked += seg.ack - snd_una;
	snd_una = seg.ack;
	rack_.advanced = false;
	if (!plain)
		take_sacks(seg, result);
	if (result.prior_packets == 0) {
		if (tlp_high_seq_ != 0)
			end_tail_loss_probe(seg, result);
		return true;
	}
	clean_retransmission_queue(seg, result);
	if (tlp_high_seq_ != 0)
		end_tail_loss_probe(seg, result);
	const bool lost = rack_.advanced || ca_ != ca_state::open ? detect_losses() : false;
	const bool timer_is_set = pending_ == xmit_timer::reorder;
	if (result.acked != 0 && !timer_is_set && !lost && ca_ == ca_state::open) {
		if (!schedule_loss_probe(true))
			rearm_rto();
	} else if (result.acked != 0 && !timer_is_set) {
		rearm_rto();
	}
	fast_recovery(result, lost);
	grow_window(result);
	return true;
}

void connection::take_sacks(const segment& seg, ack_result& result) {
	if (seg.options.num_sacks != 0 && result.prior_packets != 0)
		(void)current_mss(); // the kernel asks, for segments that it may merge
	for (u32 at = 0; at != seg.options.num_sacks; ++at) {
		const sack_block& block = seg.options.sacks[at];
		if (!after(block.end, seg.ack)) {
			result.dsack = true;
			count_duplicates(block);
			continue;
		}
		for (out_segment& sent : rtx_) {
			if (sent.sacked || before(sent.seq, block.begin) || after(sent.end_seq(), block.end))
				continue;
			sent.sacked = true;
			++sacked_out;
			++result.newly_sacked;
			++delivered;
			lost_out -= sent.lost ? 1 : 0;
			retrans_out -= sent.retransmitted ? 1 : 0;
			if (!sent.ever_retransmitted)
				result.sacked_sent_ns = sent.sent_ns;
			sent.lost = false;
			advance_rack(sent);
			sent.retransmitted = false;
		}
	}
}

/// What the peer says it had before: as segments of the current size.
void connection::count_duplicates(const sack_block& had_before) noexcept {
	const u32 bytes = had_before.end - had_before.begin;
	if (after(had_before.end, had_before.begin) && bytes <= max_window_)
		dsack_dups += std::max((bytes + mss_cache - 1) / mss_cache, 1u);
}

/// What is acknowledged goes.
void connection::clean_retransmission_queue(const segment& seg, ack_result& result) {
	bool first = true;
	while (!rtx_.empty() && !after(rtx_.front().end_seq(), snd_una)) {
		const out_segment& sent = rtx_.front();
		--packets_out;
		lost_out -= sent.lost ? 1 : 0;
		retrans_out -= sent.retransmitted ? 1 : 0;
		sacked_out -= sent.sacked ? 1 : 0;
		++result.acked;
		if (sent.ever_retransmitted)
			result.retrans_acked = true;
		else if (!sent.sacked && std::exchange(first, false))
			result.first_sent_ns = sent.sent_ns;
		if (sent.flags & TCPHDR_SYN) {
			result.syn_acked = true;
			retrans_stamp = 0;
		} else {
			result.data_acked = true;
		}
		if (!sent.sacked) {
			advance_rack(sent);
			++delivered;
		}
		if (sent.tx_bpf) {
			sk_buff stamped{
				.len = sent.len, .tcp_flags = static_cast<u8>(sent.flags | TCPHDR_ACK), .sk = this};
			stamped.ack_bpf = true;
			stamped.tskey = sent.tskey;
			hook::tcp_ack_tstamp(*this, stamped, result.prior_una);
		}
		rtx_.pop_front();
	}
	update_rtt(seg, result);
}

/// A probe that was a retransmission, and is acknowledged together with more, has repaired a loss; if only it
/// had arrived twice, the peer would have said so.
void connection::end_tail_loss_probe(const segment& seg, const ack_result& result) noexcept {
	if (before(seg.ack, tlp_high_seq_))
		return;
	const bool repeats = !result.una_advanced && !result.window_updated && !result.had_data;
	const bool repaired = tlp_retrans_ && !result.dsack && after(seg.ack, tlp_high_seq_);
	if (repaired)
		snd_cwnd = snd_ssthresh = std::max(snd_cwnd / 2, 2u);
	if (!tlp_retrans_ || result.dsack || repaired || repeats)
		tlp_high_seq_ = 0;
}

/// Was the window what held the sender back? In slow start it is enough that half of it was used.
bool connection::is_cwnd_limited() const noexcept {
	return cwnd_limited_ || (snd_cwnd < snd_ssthresh && snd_cwnd < 2 * max_packets_out_);
}

/// tcp_cwnd_validate(): after sending. A window that was not used for a timeout shrinks to what was.
void connection::validate_cwnd(bool limited) noexcept {
	if (!before(snd_una, cwnd_usage_seq_) || limited || (!cwnd_limited_ && packets_out > max_packets_out_)) {
		cwnd_limited_ = limited;
		max_packets_out_ = packets_out;
		cwnd_usage_seq_ = snd_nxt;
	}
	if (is_cwnd_limited()) {
		cwnd_used_ = 0;
		cwnd_stamp_ = jiffies();
		return;
	}
	cwnd_used_ = std::max(cwnd_used_, packets_out);
	if (jiffies() - cwnd_stamp_ < icsk_rto || ca_ != ca_state::open)
		return;
	const u32 used = std::max(cwnd_used_, initial_cwnd);
	if (used < snd_cwnd) {
		snd_ssthresh = std::max(snd_ssthresh, snd_cwnd / 4 * 3);
		snd_cwnd = (snd_cwnd + used) / 2;
	}
	cwnd_used_ = 0;
	cwnd_stamp_ = jiffies();
}

/// Slow start up to the threshold, then Reno with what is left; only where the window was what held the
/// sender back.
void connection::grow_window(const ack_result& result) {
	if (ca_ != ca_state::open || result.acked == 0 || !result.data_acked || !is_cwnd_limited())
		return;
	u32 acked = result.acked;
	if (snd_cwnd < snd_ssthresh) {
		const u32 step = std::min(acked, snd_ssthresh - snd_cwnd);
		snd_cwnd = std::min(snd_cwnd + step, snd_cwnd_clamp);
		acked -= step;
	}
	cwnd_count_ += acked;
	if (acked != 0 && cwnd_count_ >= snd_cwnd) {
		const u32 rounds = cwnd_count_ / snd_cwnd;
		cwnd_count_ -= rounds * snd_cwnd;
		snd_cwnd = std::min(snd_cwnd + rounds, snd_cwnd_clamp);
	}
}

} // namespace sockops::testing::model
