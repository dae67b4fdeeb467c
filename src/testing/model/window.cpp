// SPDX-License-Identifier: MIT
// The receive window: what is left of a buffer that never grows, in steps of the scale, never taken back.

#include "stack.hpp"

namespace sockops::testing::model {

u16 connection::advertised_mss() const noexcept {
	const u32 of_link = host_.mtu() - (host_.ipv6() ? 60u : 40u);
	return static_cast<u16>(user_mss_ ? std::min<u32>(of_link, user_mss_) : of_link);
}

u32 connection::initial_window(u32 packets, u32 mss, u32 space) const noexcept {
	const u32 window = space / mss * mss;
	return packets ? std::min(window, packets * mss) : window;
}

connection::facts connection::info() const noexcept {
	return {static_cast<u32>(jiffies_to_usecs(*skc_net, icsk_rto)), rcv_wnd_, (ecn_flags & 1) != 0};
}

/// What is left of what was offered last.
u32 connection::receive_window() const noexcept {
	const u32 end = rcv_wup_ + rcv_wnd_;
	return after(end, rcv_nxt) ? end - rcv_nxt : 0;
}

u32 connection::wanted_window() const noexcept {
	const u32 unread_bytes = rcv_end_ - copied_seq_;
	const u32 space = full_space > unread_bytes ? full_space - unread_bytes : 0;
	const u32 step = 1u << rcv_wscale_;
	return (std::min(space, rcv_ssthresh_) + step - 1) / step * step;
}

u16 connection::select_window() noexcept {
	const u32 step = 1u << rcv_wscale_;
	const u32 offered = (receive_window() + step - 1) / step * step;
	rcv_wnd_ = std::max(wanted_window(), offered);
	if (!wscale_ok_)
		rcv_wnd_ = std::min(rcv_wnd_, 65535u);
	rcv_wup_ = rcv_nxt;
	if (rcv_wnd_ == 0)
		fast_path_ = false;
	return static_cast<u16>(rcv_wnd_ >> rcv_wscale_);
}

} // namespace sockops::testing::model
