// SPDX-License-Identifier: MIT
// The one table of socket options.

#include <sockops/hook/sockopt.hpp>

#include <limits>

#include <sockops/hook/tx_timestamps.hpp>

#include "sockopt_rows.hpp"

namespace sockops {

namespace detail::option_table { // where short words are those of a row
namespace {

using enum sockopt_info::length;
using enum sockopt_info::user;

constexpr s64 any_min = std::numeric_limits<int>::min(), any_max = std::numeric_limits<int>::max();
constexpr kernel_release v6_1 = sockopt_info::by_6_1, v4_13 = release(4, 13), v5_10 = release(5, 10),
						 v6_12 = release(6, 12), v6_15 = release(6, 15);

// clang-format off
constexpr sockopt_info table[] = {
	{sol::ip, ip_option::tos, "IP_TOS", v6_1, word, stack, "tos", any_min, any_max, set_tos, get_member<&tcp_sock::tos>},

	{sol::socket, so_option::reuseaddr, "SO_REUSEADDR", v6_1, word, stack, "sk_reuse", any_min, any_max, set_reuseaddr, get_member<&tcp_sock::sk_reuse>},
	{sol::socket, so_option::sndbuf, "SO_SNDBUF", v6_1, word, stack, "sk_sndbuf", any_min, any_max, set_sndbuf, get_member<&tcp_sock::sk_sndbuf>},
	{sol::socket, so_option::rcvbuf, "SO_RCVBUF", v6_1, word, stack, "sk_rcvbuf", any_min, any_max, set_rcvbuf, get_member<&tcp_sock::sk_rcvbuf>},
	{sol::socket, so_option::keepalive, "SO_KEEPALIVE", v6_1, word, stack, "sock_keepopen", any_min, any_max, set_keepalive, get_member<&tcp_sock::sock_keepopen>},
	{sol::socket, so_option::priority, "SO_PRIORITY", v6_1, word, stack, "sk_priority", any_min, any_max, set_member<&tcp_sock::sk_priority>, get_member<&tcp_sock::sk_priority>},
	{sol::socket, so_option::reuseport, "SO_REUSEPORT", v6_1, word, stack, "sk_reuseport", any_min, any_max, set_reuseport, get_member<&tcp_sock::sk_reuseport>},
	{sol::socket, so_option::rcvlowat, "SO_RCVLOWAT", v6_1, word, stack, "sk_rcvlowat", any_min, any_max, set_rcvlowat, get_member<&tcp_sock::sk_rcvlowat>},
	{sol::socket, so_option::bindtodevice, "SO_BINDTODEVICE", v6_1, name, stack, "sk_bound_dev_if", any_min, any_max, nullptr, nullptr},
	{sol::socket, so_option::mark, "SO_MARK", v6_1, word, stack, "sk_mark", any_min, any_max, set_member<&tcp_sock::sk_mark>, get_member<&tcp_sock::sk_mark>},
	{sol::socket, so_option::max_pacing_rate, "SO_MAX_PACING_RATE", v6_1, word, stack, "sk_max_pacing_rate", any_min, any_max, set_max_pacing_rate, get_max_pacing_rate},
	{sol::socket, so_option::bindtoifindex, "SO_BINDTOIFINDEX", v6_1, word, stack, "sk_bound_dev_if", 0, any_max, set_member<&tcp_sock::sk_bound_dev_if>, get_member<&tcp_sock::sk_bound_dev_if>},
	{sol::socket, so_option::txrehash, "SO_TXREHASH", v6_1, word, stack, "sk_txrehash", -1, 1, set_txrehash, get_member<&tcp_sock::sk_txrehash>},
	{sol::socket, so_option::sk_bpf_cb_flags, "SK_BPF_CB_FLAGS", v6_15, word, hook, "sk_bpf_cb_flags", 0, SK_BPF_CB_MASK, set_member<&tcp_sock::sk_bpf_cb_flags>, get_member<&tcp_sock::sk_bpf_cb_flags>},

	{sol::tcp, tcp_option::nodelay, "TCP_NODELAY", v6_1, word, stack, "nonagle", any_min, any_max, set_nodelay, get_nodelay},
	{sol::tcp, tcp_option::maxseg, "TCP_MAXSEG", v6_1, word, stack, "user_mss", any_min, any_max, set_maxseg, get_maxseg},
	{sol::tcp, tcp_option::keepidle, "TCP_KEEPIDLE", v6_1, word, stack, "keepalive_time", 1, 32767, set_keepidle, get_keepidle},
	{sol::tcp, tcp_option::keepintvl, "TCP_KEEPINTVL", v6_1, word, stack, "keepalive_intvl", 1, 32767, set_keepintvl, get_keepintvl},
	{sol::tcp, tcp_option::keepcnt, "TCP_KEEPCNT", v6_1, word, stack, "keepalive_probes", 1, 127, set_member<&tcp_sock::keepalive_probes>, get_keepcnt},
	{sol::tcp, tcp_option::syncnt, "TCP_SYNCNT", v6_1, word, stack, "icsk_syn_retries", 1, 127, set_member<&tcp_sock::icsk_syn_retries>, get_syncnt},
	{sol::tcp, tcp_option::window_clamp, "TCP_WINDOW_CLAMP", v6_1, word, stack, "window_clamp", any_min, any_max, set_window_clamp, get_member<&tcp_sock::window_clamp>},
	{sol::tcp, tcp_option::congestion, "TCP_CONGESTION", v6_1, name, stack, "icsk_ca_name", any_min, any_max, nullptr, nullptr},
	{sol::tcp, tcp_option::thin_linear_timeouts, "TCP_THIN_LINEAR_TIMEOUTS", v6_1, word, stack, "thin_lto", 0, 1, set_member<&tcp_sock::thin_lto>, get_member<&tcp_sock::thin_lto>},
	{sol::tcp, tcp_option::user_timeout, "TCP_USER_TIMEOUT", v6_1, word, stack, "icsk_user_timeout", 0, any_max, set_member<&tcp_sock::icsk_user_timeout>, get_member<&tcp_sock::icsk_user_timeout>},
	{sol::tcp, tcp_option::notsent_lowat, "TCP_NOTSENT_LOWAT", v6_1, word, stack, "notsent_lowat", any_min, any_max, set_member<&tcp_sock::notsent_lowat>, get_member<&tcp_sock::notsent_lowat>},
	{sol::tcp, tcp_option::save_syn, "TCP_SAVE_SYN", v6_1, word, stack, "save_syn", 0, 2, set_member<&tcp_sock::save_syn>, get_member<&tcp_sock::save_syn>},
	{sol::tcp, tcp_option::saved_syn, "TCP_SAVED_SYN", v6_1, bytes, hook, "saved_syn", any_min, any_max, nullptr, nullptr},
	{sol::tcp, tcp_option::rto_max_ms, "TCP_RTO_MAX_MS", v6_15, word, stack, "icsk_rto_max", 1000, 120'000, set_rto_max, get_rto_max},
	{sol::tcp, TCP_BPF_IW, "TCP_BPF_IW", v4_13, word, stack, "snd_cwnd", 1, any_max, set_iw, nullptr},
	{sol::tcp, TCP_BPF_SNDCWND_CLAMP, "TCP_BPF_SNDCWND_CLAMP", v4_13, word, stack, "snd_cwnd_clamp", 1, any_max, set_sndcwnd_clamp, nullptr},
	{sol::tcp, TCP_BPF_DELACK_MAX, "TCP_BPF_DELACK_MAX", v5_10, word, stack, "icsk_delack_max", any_min, any_max, set_delack_max, get_delack_max, v6_15},
	{sol::tcp, TCP_BPF_RTO_MIN, "TCP_BPF_RTO_MIN", v5_10, word, stack, "icsk_rto_min", any_min, any_max, set_rto_min, get_rto_min, v6_15},
	{sol::tcp, TCP_BPF_SYN, "TCP_BPF_SYN", v5_10, bytes, hook, "saved_syn", any_min, any_max, nullptr, nullptr},
	{sol::tcp, TCP_BPF_SYN_IP, "TCP_BPF_SYN_IP", v5_10, bytes, hook, "saved_syn", any_min, any_max, nullptr, nullptr},
	{sol::tcp, TCP_BPF_SYN_MAC, "TCP_BPF_SYN_MAC", v5_10, bytes, hook, "saved_syn", any_min, any_max, nullptr, nullptr},
	{sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS, "TCP_BPF_SOCK_OPS_CB_FLAGS", v6_12, word, hook, "bpf_sock_ops_cb_flags", 0, BPF_SOCK_OPS_ALL_CB_FLAGS, set_cb_flags, get_member<&tcp_sock::bpf_sock_ops_cb_flags>},

	{sol::ipv6, ipv6_option::tclass, "IPV6_TCLASS", v6_1, word, stack, "pinet6.tclass", -1, 255, set_tclass, [](const tcp_sock& tp) noexcept -> int { return tp.pinet6.tclass; }},
	{sol::ipv6, ipv6_option::autoflowlabel, "IPV6_AUTOFLOWLABEL", v6_1, word, stack, "pinet6.autoflowlabel", any_min, any_max, set_autoflowlabel, get_autoflowlabel},
};
// clang-format on

} // namespace
} // namespace detail::option_table

std::span<const sockopt_info> sockopts() noexcept { return detail::option_table::table; }

const sockopt_info* find_sockopt(int level, int optname) noexcept {
	for (const sockopt_info& row : sockopts())
		if (row.level == level && row.optname == optname)
			return &row;
	return nullptr;
}

} // namespace sockops
