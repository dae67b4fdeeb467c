// SPDX-License-Identifier: MIT
// What the rows of the table of options do. A setter gets a value within its row's bounds.
#pragma once

#include <sockops/net/tcp_sock.hpp>

namespace sockops::detail {

tcp_backend& backend_of(const tcp_sock& tp) noexcept;

int set_reuseaddr(tcp_sock& tp, int value) noexcept;
int set_reuseport(tcp_sock& tp, int value) noexcept;
int set_keepalive(tcp_sock& tp, int value) noexcept;
int set_sndbuf(tcp_sock& tp, int value) noexcept;
int set_rcvbuf(tcp_sock& tp, int value) noexcept;
int set_rcvlowat(tcp_sock& tp, int value) noexcept;
int set_max_pacing_rate(tcp_sock& tp, int value) noexcept;
int set_txrehash(tcp_sock& tp, int value) noexcept;
int get_max_pacing_rate(const tcp_sock& tp) noexcept;
int set_bindtodevice(tcp_sock& tp, const void* optval, int optlen) noexcept;

int set_tos(tcp_sock& tp, int value) noexcept;
int set_tclass(tcp_sock& tp, int value) noexcept;
int set_autoflowlabel(tcp_sock& tp, int value) noexcept;
int get_autoflowlabel(const tcp_sock& tp) noexcept;

int set_nodelay(tcp_sock& tp, int value) noexcept;
int get_nodelay(const tcp_sock& tp) noexcept;
int set_maxseg(tcp_sock& tp, int value) noexcept;
int get_maxseg(const tcp_sock& tp) noexcept;
int set_keepidle(tcp_sock& tp, int value) noexcept;
int get_keepidle(const tcp_sock& tp) noexcept;
int set_keepintvl(tcp_sock& tp, int value) noexcept;
int get_keepintvl(const tcp_sock& tp) noexcept;
int get_keepcnt(const tcp_sock& tp) noexcept;
int get_syncnt(const tcp_sock& tp) noexcept;
int set_window_clamp(tcp_sock& tp, int value) noexcept;
int set_rto_max(tcp_sock& tp, int value) noexcept;
int get_rto_max(const tcp_sock& tp) noexcept;

int set_iw(tcp_sock& tp, int value) noexcept;
int set_sndcwnd_clamp(tcp_sock& tp, int value) noexcept;
int set_delack_max(tcp_sock& tp, int value) noexcept;
int get_delack_max(const tcp_sock& tp) noexcept;
int set_cb_flags(tcp_sock& tp, int value) noexcept;
int set_rto_min(tcp_sock& tp, int value) noexcept;
int get_rto_min(const tcp_sock& tp) noexcept;

int set_congestion(tcp_sock& tp, const void* optval, int optlen) noexcept;
int get_congestion(const tcp_sock& tp, void* optval, int optlen) noexcept;

/// For what has no rule but its range.
template <auto Member>
int set_member(tcp_sock& tp, int value) noexcept {
	using field = std::remove_reference_t<decltype(tp.*Member)>;
	tp.*Member = static_cast<field>(value);
	return 0;
}
template <auto Member>
int get_member(const tcp_sock& tp) noexcept {
	return static_cast<int>(tp.*Member);
}

} // namespace sockops::detail
