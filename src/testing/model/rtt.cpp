// SPDX-License-Identifier: MIT
// Round trips: which times may be taken for one (Karn), and the estimator.

#include "stack.hpp"

namespace sockops::testing::model {

/// By the time stamp that the peer sends back: in milliseconds, at least 1 microsecond.
bool connection::ts_rtt(const segment& seg, u32& rtt_us) const noexcept {
	if (!ts_ok_ || !seg.options.ts || seg.options.ts->echo == 0)
		return false;
	const u32 delta_ms = ts_now() - seg.options.ts->echo;
	rtt_us = delta_ms == 0 ? 1 : delta_ms * 1000;
	return true;
}

/// What was sent once gives the time itself; what was sent again only by a time stamp.
void connection::update_rtt(const segment& seg, const ack_result& result) {
	const u64 now = skc_net->ktime_get_ns();
	u32 rtt_us = 0;
	if (result.first_sent_ns && !result.retrans_acked)
		rtt_us = static_cast<u32>((now - *result.first_sent_ns) / 1000);
	else if (result.sacked_sent_ns)
		rtt_us = static_cast<u32>((now - *result.sacked_sent_ns) / 1000);
	else if (result.acked == 0 || !ts_rtt(seg, rtt_us))
		return;
	measure_rtt(rtt_us);
}

/// tcp_rtt_estimator(), by Jacobson, and as Linux damps it: the variation falls once a round trip only.
void connection::measure_rtt(u32 rtt_us) {
	rtt_min = std::min(rtt_min, std::max(rtt_us, 1u));
	const u32 least = static_cast<u32>(jiffies_to_usecs(*skc_net, icsk_rto_min));
	u32 new_srtt = rtt_us << 3;
	if (srtt_us == 0) {
		mdev_us_ = rtt_us << 1;
		rttvar_us_ = mdev_max_us_ = std::max(mdev_us_, least);
	} else {
		s64 off = s64{rtt_us} - (srtt_us >> 3);
		new_srtt = static_cast<u32>(srtt_us + off);
		const s64 variation = mdev_us_ >> 2;
		if (off < 0)
			off = -off - variation > 0 ? (-off - variation) >> 3 : -off - variation;
		else
			off -= variation;
		mdev_us_ = static_cast<u32>(mdev_us_ + off);
		mdev_max_us_ = std::max(mdev_max_us_, mdev_us_);
		rttvar_us_ = std::max(rttvar_us_, mdev_max_us_);
		if (after(snd_una, rtt_seq)) {
			if (mdev_max_us_ < rttvar_us_)
				rttvar_us_ -= (rttvar_us_ - mdev_max_us_) >> 2;
			mdev_max_us_ = least;
		}
	}
	if (is_wrong(wrong_rule::rtt_of_each_ack))
		rtt_seq = snd_una - 1;
	hook::tcp_rtt_sample(*this, rtt_us, new_srtt);
	icsk_rto = static_cast<u32>(usecs_to_jiffies(*skc_net, (srtt_us >> 3) + rttvar_us_));
	icsk_backoff = 0;
}

} // namespace sockops::testing::model
