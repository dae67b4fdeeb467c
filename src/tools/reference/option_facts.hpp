// SPDX-License-Identifier: MIT
// What the table of socket options (hook/sockopt.hpp) does not say of one, because only the reference asks: what its
// value is, and, where no function of the row says it, whether it is set and read. In the order of the table.
#pragma once

#include <string_view>

namespace sockops_reference {

enum class option_ways : unsigned char { by_the_row, set_alone, read_alone, both };

struct option_facts {
	std::string_view name;
	std::string_view value;
	option_ways ways = option_ways::by_the_row;
};

// clang-format off
inline constexpr option_facts all_option_facts[] = {
	{"IP_TOS", "type of service, whose two ECN bits stay as they are; sets the priority, too"},

	{"SO_REUSEADDR", "0 or not"},
	{"SO_SNDBUF", "bytes: at most sysctl_wmem_max, then doubled, at least 4608"},
	{"SO_RCVBUF", "bytes: at most sysctl_rmem_max, then doubled, at least 2304"},
	{"SO_KEEPALIVE", "0 or not"},
	{"SO_PRIORITY", "a priority"},
	{"SO_REUSEPORT", "0 or not"},
	{"SO_RCVLOWAT", "bytes: at most half the receive buffer, which grows for it unless SO_RCVBUF has set it; 0 is 1"},
	{"SO_BINDTODEVICE", "the name of a device, \"\" for none; -ENODEV", option_ways::set_alone},
	{"SO_MARK", "a mark"},
	{"SO_MAX_PACING_RATE", "bytes a second; -1: no limit"},
	{"SO_BINDTOIFINDEX", "the index of a device; 0: none"},
	{"SO_TXREHASH", "0 or 1; -1: what sysctl_txrehash says"},
	{"SK_BPF_CB_FLAGS", "1: sends are reported (TSTAMP_SENDMSG_CB)"},

	{"TCP_NODELAY", "0 or not"},
	{"TCP_MAXSEG", "bytes, 88 to 32767; 0: none. Read of a connection: the MSS in use"},
	{"TCP_KEEPIDLE", "seconds"},
	{"TCP_KEEPINTVL", "seconds"},
	{"TCP_KEEPCNT", "probes"},
	{"TCP_SYNCNT", "how often a SYN is sent again"},
	{"TCP_WINDOW_CLAMP", "bytes, at least 1152; 0: none, in CLOSE alone"},
	{"TCP_CONGESTION", "the name of an algorithm: -ENOENT, -EBUSY while a change is going on, -EPERM if the route chose, -ENOTSUPP (524) for \"cdg\"", option_ways::both},
	{"TCP_THIN_LINEAR_TIMEOUTS", "0 or 1"},
	{"TCP_USER_TIMEOUT", "milliseconds; 0: none"},
	{"TCP_NOTSENT_LOWAT", "bytes; 0: what the sysctl says"},
	{"TCP_SAVE_SYN", "1: a listener keeps IP and TCP headers of SYNs; 2: link headers, too"},
	{"TCP_SAVED_SYN", "the headers that were kept; -EINVAL: there are fewer bytes", option_ways::read_alone},
	{"TCP_RTO_MAX_MS", "milliseconds"},
	{"TCP_BPF_IW", "packets of snd_cwnd; -EINVAL after data was sent"},
	{"TCP_BPF_SNDCWND_CLAMP", "packets of snd_cwnd_clamp and of snd_ssthresh"},
	{"TCP_BPF_DELACK_MAX", "microseconds: as jiffies 2 to HZ/5, else -EINVAL"},
	{"TCP_BPF_RTO_MIN", "microseconds: as jiffies 2 to HZ/5, else -EINVAL"},
	{"TCP_BPF_SYN", "the SYN's TCP header; returns its length", option_ways::read_alone},
	{"TCP_BPF_SYN_IP", "its IP and TCP headers; returns their length", option_ways::read_alone},
	{"TCP_BPF_SYN_MAC", "its link, IP and TCP headers; returns their length", option_ways::read_alone},
	{"TCP_BPF_SOCK_OPS_CB_FLAGS", "the callback flags, by assignment; an unknown one changes nothing"},

	{"IPV6_TCLASS", "traffic class, whose two ECN bits stay as they are; -1: 0"},
	{"IPV6_AUTOFLOWLABEL", "0 or not"},
};
// clang-format on

} // namespace sockops_reference
