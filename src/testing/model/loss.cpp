// SPDX-License-Identifier: MIT
// What is lost (RACK, RFC 8985: something sent later has arrived, and time enough has passed), and sending
// it again.

#include <algorithm>

#include "stack.hpp"

namespace sockops::testing::model {

/// Of all that has arrived, the segment that was sent last.
void connection::advance_rack(const out_segment& arrived) noexcept {
	const u32 rtt_us = static_cast<u32>((skc_net->ktime_get_ns() - arrived.sent_ns) / 1000);
	if (arrived.ever_retransmitted && srtt_us != 0 && rtt_us < rtt_min)
		return; // the first copy has arrived, not this one
	rack_.advanced = true;
	rack_.rtt_us = rtt_us;
	if (arrived.sent_ns > rack_.sent_ns ||
		(arrived.sent_ns == rack_.sent_ns && after(arrived.end_seq(), rack_.end_seq))) {
		rack_.sent_ns = arrived.sent_ns;
		rack_.end_seq = arrived.end_seq();
	}
}

/// Marks what is lost; true if something is newly so. Arms the timer for what may be soon.
bool connection::detect_losses() {
	const u64 now = skc_net->ktime_get_ns();
	const bool patient = ca_ == ca_state::open && sacked_out < 3;
	const u64 patience_us = patient ? std::min(rtt_min / 4, srtt_us >> 3) : 0;
	u64 wait_us = 0;
	bool found = false;
	for (out_segment& sent : rtx_) {
		const bool later = sent.sent_ns > rack_.sent_ns ||
						   (sent.sent_ns == rack_.sent_ns && !before(sent.end_seq(), rack_.end_seq));
		if (sent.sacked || (sent.lost && !sent.retransmitted) || later)
			continue;
		const u64 passed_us = (now - sent.sent_ns) / 1000, limit_us = rack_.rtt_us + patience_us;
		if (passed_us < limit_us) {
			wait_us = std::max(wait_us, limit_us - passed_us);
			continue;
		}
		lost_out += sent.lost ? 0 : 1;
		retrans_out -= sent.retransmitted ? 1 : 0;
		sent.lost = true;
		sent.retransmitted = false;
		found = true;
	}
	if (wait_us != 0)
		arm(xmit_timer::reorder, usecs_to_jiffies(*skc_net, wait_us) + 2);
	return found;
}

void connection::enter_recovery() {
	ca_ = ca_state::recovery;
	high_seq_ = snd_nxt;
	snd_ssthresh = std::max(snd_cwnd / 2, 2u);
	tlp_high_seq_ = 0;
	cwnd_count_ = 0;
	prior_cwnd_ = snd_cwnd;
	prr_delivered_ = prr_out_ = 0;
}

/// Proportional rate reduction (RFC 6937): as much may go as has arrived, down to the threshold.
void connection::reduce_cwnd(const ack_result& result, bool newly_lost) noexcept {
	const u32 arrived = result.acked + result.newly_sacked;
	if (arrived == 0)
		return;
	prr_delivered_ += arrived;
	const u32 flight = in_flight();
	u32 may_go = prr_delivered_ > prr_out_ ? prr_delivered_ - prr_out_ : 0;
	if (flight > snd_ssthresh) {
		const u32 share = (snd_ssthresh * prr_delivered_ + prior_cwnd_ - 1) / prior_cwnd_;
		may_go = share > prr_out_ ? share - prr_out_ : 0;
	} else {
		may_go = std::max(may_go, arrived) + (result.una_advanced && !newly_lost ? 1 : 0);
		may_go = std::min(may_go, snd_ssthresh - flight);
	}
	snd_cwnd = flight + std::max(may_go, prr_out_ != 0 ? 0u : 1u);
}

/// The timeout: all that was sent counts as lost, and one segment may go.
void connection::enter_loss() {
	if (ca_ != ca_state::loss)
		snd_ssthresh = std::max(snd_cwnd / 2, 2u);
	ca_ = ca_state::loss;
	high_seq_ = snd_nxt;
	tlp_high_seq_ = 0;
	lost_out = retrans_out = 0;
	for (out_segment& sent : rtx_) {
		sent.lost = !sent.sacked;
		sent.retransmitted = false;
		lost_out += sent.lost ? 1 : 0;
	}
	if (!is_wrong(wrong_rule::timeout_keeps_the_window))
		snd_cwnd = in_flight() + 1;
}

void connection::fast_recovery(const ack_result& result, bool newly_lost) {
	if (ca_ != ca_state::open && !before(snd_una, high_seq_) && result.una_advanced) {
		snd_cwnd = ca_ == ca_state::recovery ? snd_ssthresh : std::min(snd_cwnd, snd_ssthresh);
		ca_ = ca_state::open;
		retrans_stamp = 0;
	}
	if (lost_out != 0 && ca_ == ca_state::open)
		enter_recovery();
	else if (lost_out != 0 && ca_ == ca_state::loss)
		snd_cwnd += result.acked;
	if (ca_ == ca_state::recovery)
		reduce_cwnd(result, newly_lost);
	if (ca_ != ca_state::open)
		retransmit_lost();
}

void connection::retransmit_lost() {
	if (packets_out == 0)
		return;
	(void)current_mss(); // the kernel asks, for how much may go at once
	for (std::size_t at = 0; at < rtx_.size(); ++at) {
		if (!rtx_[at].lost || rtx_[at].retransmitted)
			continue;
		// What begins a recovery goes whatever the window says.
		const u32 room = snd_cwnd > in_flight() ? snd_cwnd - in_flight() : 0;
		if (room == 0 && retrans_out != 0)
			return;
		if (retransmit(at) != 0)
			return;
		if (at == 0 && pending_ != xmit_timer::reorder)
			arm(xmit_timer::retransmission, icsk_rto);
	}
}

/// __tcp_retransmit_skb(): rtx_[at] once more; what has become too long for a segment is cut. 0 or -errno.
int connection::send_again(std::size_t at) {
	const u32 mss = current_mss();
	if (rtx_[at].len > mss) {
		split(rtx_, at, mss);
		++packets_out;
		lost_out += rtx_[at].lost ? 1 : 0;
	}
	out_segment& again = rtx_[at];
	if (again.flags & TCPHDR_SYN)
		ecn_syn_ = false; // the loss may be a path's answer to ECN
	const bool told_before = is_wrong(wrong_rule::retransmission_told_before);
	const int result = hook::tcp_retransmit_skb(*this, again.seq, 1, 0, [&] {
		if (!told_before)
			transmit(again);
		return 0;
	});
	if (told_before)
		transmit(again);
	again.ever_retransmitted = true;
	return result;
}

/// The same for what is lost: it counts as on its way twice. (What a probe sends does not.)
int connection::retransmit(std::size_t at) {
	const int result = send_again(at);
	retrans_out += rtx_[at].retransmitted ? 0 : 1;
	rtx_[at].retransmitted = true;
	prr_out_ += ca_ == ca_state::recovery ? 1 : 0;
	if (retrans_stamp == 0)
		retrans_stamp = skc_net->ktime_get_ns();
	return result;
}

} // namespace sockops::testing::model
