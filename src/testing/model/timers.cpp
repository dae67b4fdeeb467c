// SPDX-License-Identifier: MIT
// The one timer of what is on its way: retransmission, tail loss probe, or waiting for reordering to show.

#include "stack.hpp"

namespace sockops::testing::model {

u32 connection::ts_now() const noexcept {
	return static_cast<u32>(skc_net->ktime_get_ns() / 1'000'000) + ts_offset_;
}

void connection::arm(xmit_timer what, u64 jiffies) {
	pending_ = what;
	xmit_timer_.arm(after_jiffies(*skc_net, std::max<u64>(jiffies, 1)), [this] {
		host_.out().softirq([this] {
			bh_lock_sock(*this);
			on_xmit_timer();
			bh_unlock_sock(*this);
		});
	});
}

/// Microseconds until the timeout of the first that is not acknowledged.
u64 connection::rto_left_us() const noexcept {
	const u64 rto_us = jiffies_to_usecs(*skc_net, icsk_rto);
	const u64 passed = rtx_.empty() ? 0 : (skc_net->ktime_get_ns() - rtx_.front().sent_ns) / 1000;
	return passed < rto_us ? rto_us - passed : 0;
}

void connection::rearm_rto() {
	if (packets_out == 0) {
		pending_ = xmit_timer::none;
		return xmit_timer_.stop();
	}
	u64 rto = icsk_rto;
	if (pending_ == xmit_timer::reorder || pending_ == xmit_timer::loss_probe)
		rto = usecs_to_jiffies(*skc_net, std::max<u64>(rto_left_us(), 1));
	arm(xmit_timer::retransmission, rto);
}

/// Two round trips after the last transmission; for a single segment the peer may delay its ACK.
bool connection::schedule_loss_probe(bool advancing_rto) {
	const netns_ipv4& sysctl = skc_net->ipv4;
	if (fast_open_child_ || (sysctl.sysctl_tcp_early_retrans != 3 && sysctl.sysctl_tcp_early_retrans != 4))
		return false;
	if (packets_out == 0 || !sack_ok_ || ca_ != ca_state::open)
		return false;
	u64 timeout = skc_net->profile.hz;
	if (srtt_us != 0)
		timeout = usecs_to_jiffies(*skc_net, srtt_us >> 2) + (packets_out == 1 ? icsk_rto_min : 2);
	const u64 rto = advancing_rto ? icsk_rto : usecs_to_jiffies(*skc_net, rto_left_us());
	arm(xmit_timer::loss_probe, rto > 0 ? std::min(timeout, rto) : timeout);
	return true;
}

void connection::on_xmit_timer() {
	if (skc_state == TCP_CLOSE || skc_state == TCP_LISTEN)
		return;
	switch (pending_) {
	case xmit_timer::retransmission:
		pending_ = xmit_timer::none;
		return on_retransmission_timer();
	case xmit_timer::loss_probe:
		return send_loss_probe();
	case xmit_timer::reorder:
		if (detect_losses()) {
			if (ca_ == ca_state::open)
				enter_recovery();
			retransmit_lost();
		}
		if (pending_ != xmit_timer::retransmission)
			rearm_rto();
		return;
	case xmit_timer::none:
		return;
	}
}

void connection::on_retransmission_timer() {
	if (packets_out == 0)
		return;
	if (is_wrong(wrong_rule::no_linear_syn_timeouts))
		skc_net->ipv4.sysctl_tcp_syn_linear_timeouts = 0;
	icsk_retransmits += is_wrong(wrong_rule::timeout_counted_before_call) ? 1 : 0;
	const tcp_rto_outcome outcome = hook::tcp_retransmit_timer(*this, [this] {
		icsk_retransmits -= is_wrong(wrong_rule::timeout_counted_before_call) ? 1 : 0;
		enter_loss();
		return retransmit(0);
	});
	if (outcome.expired)
		return forget_everything();
	arm(xmit_timer::retransmission, outcome.next_rto);
}

/// New data if there is some and the peer has room; else the last that was sent, once more.
void connection::send_loss_probe() {
	if (is_wrong(wrong_rule::probe_is_a_timeout))
		hook::tcp_bpf_rto(*this, icsk_retransmits, icsk_rto, false);
	icsk_retransmits += is_wrong(wrong_rule::probe_counts_as_timeout) ? 1 : 0;
	const u32 mss = current_mss();
	if (tlp_high_seq_ == 0) {
		const u32 before_push = packets_out;
		tlp_retrans_ = false;
		if (!unsent_.empty())
			push(mss, false, push_mode::probe);
		bool sent = packets_out > before_push;
		if (!sent && !rtx_.empty())
			sent = tlp_retrans_ = send_again(rtx_.size() - 1) == 0;
		if (sent) {
			tlp_high_seq_ = snd_nxt;
			pending_ = xmit_timer::none;
		}
	}
	rearm_rto();
}

} // namespace sockops::testing::model
