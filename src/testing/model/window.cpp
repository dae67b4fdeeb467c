// SPDX-License-Identifier: MIT
// The receive window: what is left for payload of a buffer that never grows, in steps of the scale, never
// taken back. What arrives tells how much of the buffer is payload.

#include "stack.hpp"

namespace sockops::testing::model {

u16 connection::advertised_mss() const noexcept {
	constexpr u32 least = 256; // ip_rt_min_advmss
	const u32 of_link = std::max(host_.link_mss(), least);
	return static_cast<u16>(user_mss_ ? std::min<u32>(of_link, user_mss_) : of_link);
}

/// tcp_sync_mss(): what the peer takes and the link carries, but no more than half of the largest window that
/// the peer has offered.
void connection::sync_mss() noexcept {
	const u32 limit = user_mss_ ? std::min<u32>(peer_mss_, user_mss_) : peer_mss_;
	const u32 mss = std::min(limit, host_.link_mss()) - own_option_bytes();
	const u32 half = max_window_ >= 536 ? max_window_ / 2 : max_window_;
	mss_cache = half != 0 && mss > half ? std::max(half, 68u - tcp_header_len) : mss;
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

/// tcp_win_from_space(): for how much payload so many bytes of the buffer are room.
u32 connection::payload_in(u32 bytes) const noexcept {
	return static_cast<u32>(u64{bytes} * payload_ratio_ / 256);
}

/// tcp_space().
u32 connection::free_space() const noexcept {
	u32 used = ooo_packets_ * packet_overhead;
	if (unread())
		used += rcv_end_ - copied_seq_ + held_packets_ * packet_overhead;
	for (const sack_block& block : out_of_order_)
		used += block.end - block.begin;
	return used < receive_buffer ? payload_in(receive_buffer - used) : 0;
}

/// The handshake is over: the window may grow again, up to one segment less than there is room for.
void connection::init_buffer_space() noexcept {
	window_clamp_ = std::max(full_space - own_mss(), 2 * own_mss());
	rcv_ssthresh_ = std::min(rcv_ssthresh_, window_clamp_);
}

/// The peer's segments have another length: another part of what they take is payload.
void connection::measure_payload_ratio(u32 len) noexcept {
	const u32 ratio = std::max(len * 256 / (len + packet_overhead), 1u);
	if (std::exchange(payload_ratio_, ratio) == ratio)
		return;
	const u32 clamp = payload_in(receive_buffer);
	if (clamp < window_clamp_)
		rcv_ssthresh_ = std::min(rcv_ssthresh_, clamp);
	else
		rcv_ssthresh_ = std::max(rcv_ssthresh_, std::min(rcv_wnd_, clamp));
	window_clamp_ = clamp;
}

/// tcp_grow_window(): `size` is what the segment takes of the buffer.
void connection::grow_receive_window(u32 len, u32 size) noexcept {
	const u32 most = std::min(window_clamp_, free_space());
	if (most <= rcv_ssthresh_)
		return;
	const u32 step = 2 * (payload_in(size) <= len ? own_mss() : ack_.rcv_mss);
	rcv_ssthresh_ += std::min(most - rcv_ssthresh_, std::max(step, 2 * len));
	ack_.quick |= 1; // the peer is to know at once
}

u32 connection::wanted_window() const noexcept {
	const u32 step = 1u << rcv_wscale_;
	return (std::min(free_space(), rcv_ssthresh_) + step - 1) / step * step;
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
