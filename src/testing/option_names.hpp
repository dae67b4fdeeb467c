// SPDX-License-Identifier: MIT
// Socket options that a timeline may name. Numbers are Linux's.
#pragma once

#include <string_view>

#include <sockops/bpf/uapi.hpp>

namespace sockops::testing {

struct option_name {
	std::string_view name;
	int level, number;
	bool is_text = false;
};

/// Those that no program may set, so uapi.hpp does not have them.
namespace option_number {
inline constexpr int tcp_quickack = 12, tcp_fastopen = 23, tcp_fastopen_connect = 30, so_linger = 13;
} // namespace option_number

inline constexpr option_name option_names[] = {
	{"TCP_NODELAY", sol::tcp, tcp_option::nodelay},
	{"TCP_MAXSEG", sol::tcp, tcp_option::maxseg},
	{"TCP_SYNCNT", sol::tcp, tcp_option::syncnt},
	{"TCP_QUICKACK", sol::tcp, option_number::tcp_quickack},
	{"TCP_CONGESTION", sol::tcp, tcp_option::congestion, true},
	{"TCP_USER_TIMEOUT", sol::tcp, tcp_option::user_timeout},
	{"TCP_FASTOPEN", sol::tcp, option_number::tcp_fastopen},
	{"TCP_SAVE_SYN", sol::tcp, tcp_option::save_syn},
	{"TCP_FASTOPEN_CONNECT", sol::tcp, option_number::tcp_fastopen_connect},
	{"SO_LINGER", sol::socket, option_number::so_linger},
	{"TCP_BPF_IW", sol::tcp, TCP_BPF_IW},
	{"TCP_BPF_SNDCWND_CLAMP", sol::tcp, TCP_BPF_SNDCWND_CLAMP},
	{"TCP_BPF_DELACK_MAX", sol::tcp, TCP_BPF_DELACK_MAX},
	{"TCP_BPF_RTO_MIN", sol::tcp, TCP_BPF_RTO_MIN},
	{"TCP_BPF_SOCK_OPS_CB_FLAGS", sol::tcp, TCP_BPF_SOCK_OPS_CB_FLAGS},
	{"SK_BPF_CB_FLAGS", sol::socket, so_option::sk_bpf_cb_flags},
};

} // namespace sockops::testing
