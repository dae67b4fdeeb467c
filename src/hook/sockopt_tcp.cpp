// SPDX-License-Identifier: MIT
// Options of SOL_TCP with a value of 4 bytes.

#include "sockopt_rows.hpp"

#include <algorithm>
#include <cerrno>

namespace sockops::detail {

namespace {

constexpr u32 min_window_clamp = 2304 / 2; // SOCK_MIN_RCVBUF / 2, bytes
constexpr u32 timeout_min = 2;             // TCP_TIMEOUT_MIN, jiffies

bool is_closed_or_listens(const tcp_sock& tp) noexcept {
	return tp.skc_state == TCP_CLOSE || tp.skc_state == TCP_LISTEN;
}

/// Jiffies from microseconds, within 2 and HZ/5 (TCP_RTO_MIN and TCP_DELACK_MAX both).
int set_timer_bound(tcp_sock& tp, u32 inet_connection_sock::*bound, int us) noexcept {
	const net& in = *tp.skc_net;
	const u64 jiffies = usecs_to_jiffies(in, static_cast<u32>(us));
	if (jiffies < timeout_min || jiffies > in.profile.hz / 5)
		return -EINVAL;
	tp.*bound = static_cast<u32>(jiffies);
	return 0;
}

} // namespace

/// Flags that the net's profile has not are refused, as those are that nobody has.
int set_cb_flags(tcp_sock& tp, int value) noexcept {
	if (value & ~tp.skc_net->profile.cb_flags)
		return -EINVAL;
	tp.bpf_sock_ops_cb_flags = static_cast<u8>(value);
	return 0;
}

/// The stack pushes what is queued when it is told.
int set_nodelay(tcp_sock& tp, int value) noexcept {
	if (value)
		tp.nonagle |= tcp_nagle::off | tcp_nagle::push;
	else
		tp.nonagle = static_cast<u8>(tp.nonagle & ~tcp_nagle::off);
	return 0;
}
int get_nodelay(const tcp_sock& tp) noexcept { return (tp.nonagle & tcp_nagle::off) != 0; }

int set_maxseg(tcp_sock& tp, int value) noexcept {
	if (value != 0 && (value < 88 || value > 32767)) // TCP_MIN_MSS, MAX_TCP_WINDOW
		return -EINVAL;
	tp.user_mss = static_cast<u16>(value);
	return 0;
}
int get_maxseg(const tcp_sock& tp) noexcept {
	return static_cast<int>(tp.user_mss && is_closed_or_listens(tp) ? tp.user_mss : tp.mss_cache);
}

int set_keepidle(tcp_sock& tp, int value) noexcept {
	tp.keepalive_time = static_cast<u32>(value) * tp.skc_net->profile.hz;
	return 0;
}
int get_keepidle(const tcp_sock& tp) noexcept {
	const net& in = *tp.skc_net;
	return static_cast<int>(tp.keepalive_time ? tp.keepalive_time / in.profile.hz
											  : in.ipv4.sysctl_tcp_keepalive_time);
}
int set_keepintvl(tcp_sock& tp, int value) noexcept {
	tp.keepalive_intvl = static_cast<u32>(value) * tp.skc_net->profile.hz;
	return 0;
}
int get_keepintvl(const tcp_sock& tp) noexcept {
	const net& in = *tp.skc_net;
	return static_cast<int>(tp.keepalive_intvl ? tp.keepalive_intvl / in.profile.hz
											   : in.ipv4.sysctl_tcp_keepalive_intvl);
}
int get_keepcnt(const tcp_sock& tp) noexcept {
	return tp.keepalive_probes ? tp.keepalive_probes : tp.skc_net->ipv4.sysctl_tcp_keepalive_probes;
}
int get_syncnt(const tcp_sock& tp) noexcept {
	return tp.icsk_syn_retries ? tp.icsk_syn_retries : tp.skc_net->ipv4.sysctl_tcp_syn_retries;
}

/// tcp_set_window_clamp()
int set_window_clamp(tcp_sock& tp, int value) noexcept {
	if (value == 0) {
		if (tp.skc_state != TCP_CLOSE)
			return -EINVAL;
		tp.window_clamp = 0;
		return 0;
	}
	const u32 before = tp.window_clamp;
	const u32 now = static_cast<u32>(std::max(value, static_cast<int>(min_window_clamp)));
	tp.window_clamp = now;
	if (now < before)
		tp.rcv_ssthresh = std::min(tp.rcv_ssthresh, now);
	else
		tp.rcv_ssthresh = std::max(std::min(tp.rcv_wnd, now), tp.rcv_ssthresh);
	return 0;
}

int set_rto_max(tcp_sock& tp, int value) noexcept {
	tp.icsk_rto_max = msecs_to_jiffies(*tp.skc_net, static_cast<u64>(value));
	return 0;
}
int get_rto_max(const tcp_sock& tp) noexcept {
	return static_cast<int>(jiffies_to_msecs(*tp.skc_net, tp.icsk_rto_max));
}

int set_iw(tcp_sock& tp, int value) noexcept {
	if (tp.data_segs_out > static_cast<u32>(tp.syn_data))
		return -EINVAL;
	tp.snd_cwnd = static_cast<u32>(value);
	return 0;
}
int set_sndcwnd_clamp(tcp_sock& tp, int value) noexcept {
	tp.snd_cwnd_clamp = tp.snd_ssthresh = static_cast<u32>(value);
	return 0;
}

int set_delack_max(tcp_sock& tp, int value) noexcept {
	return set_timer_bound(tp, &tcp_sock::icsk_delack_max, value);
}
int get_delack_max(const tcp_sock& tp) noexcept {
	return static_cast<int>(jiffies_to_usecs(*tp.skc_net, tp.icsk_delack_max));
}
int set_rto_min(tcp_sock& tp, int value) noexcept {
	return set_timer_bound(tp, &tcp_sock::icsk_rto_min, value);
}
int get_rto_min(const tcp_sock& tp) noexcept {
	return static_cast<int>(jiffies_to_usecs(*tp.skc_net, tp.icsk_rto_min));
}

} // namespace sockops::detail
