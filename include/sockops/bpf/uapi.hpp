// SPDX-License-Identifier: MIT
// UAPI names and numbers of the sock_ops world, and the op and flag tables that drive the rest.
//
// Enumerators keep the kernel's names (in <linux/bpf.h> they are enumerators too, so both can be
// included). What is a macro there is a scoped constant here: attach_flags, sol, tcp_option. Since when there
// is each op and flag is what docs.ebpf.io says of it (the page of the program type SOCK_OPS).
//
// Context: anywhere, in constant expressions too.
#pragma once

#include <iterator>

#include <sockops/kern/kernel_release.hpp>
#include <sockops/kern/types.hpp>
#include <sockops/net/tcp_states.hpp>

namespace sockops {

enum bpf_sock_ops_op : u8 {
	BPF_SOCK_OPS_VOID,
	BPF_SOCK_OPS_TIMEOUT_INIT,
	BPF_SOCK_OPS_RWND_INIT,
	BPF_SOCK_OPS_TCP_CONNECT_CB,
	BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB,
	BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB,
	BPF_SOCK_OPS_NEEDS_ECN,
	BPF_SOCK_OPS_BASE_RTT,
	BPF_SOCK_OPS_RTO_CB,
	BPF_SOCK_OPS_RETRANS_CB,
	BPF_SOCK_OPS_STATE_CB,
	BPF_SOCK_OPS_TCP_LISTEN_CB,
	BPF_SOCK_OPS_RTT_CB,
	BPF_SOCK_OPS_PARSE_HDR_OPT_CB,
	BPF_SOCK_OPS_HDR_OPT_LEN_CB,
	BPF_SOCK_OPS_WRITE_HDR_OPT_CB,
	BPF_SOCK_OPS_TSTAMP_SCHED_CB,
	BPF_SOCK_OPS_TSTAMP_SND_SW_CB,
	BPF_SOCK_OPS_TSTAMP_SND_HW_CB,
	BPF_SOCK_OPS_TSTAMP_ACK_CB,
	BPF_SOCK_OPS_TSTAMP_SENDMSG_CB,
};

/// Bits of tcp_sock::bpf_sock_ops_cb_flags.
enum bpf_sock_ops_cb_flag : u8 {
	BPF_SOCK_OPS_RTO_CB_FLAG = 1 << 0,
	BPF_SOCK_OPS_RETRANS_CB_FLAG = 1 << 1,
	BPF_SOCK_OPS_STATE_CB_FLAG = 1 << 2,
	BPF_SOCK_OPS_RTT_CB_FLAG = 1 << 3,
	BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG = 1 << 4,
	BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG = 1 << 5,
	BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG = 1 << 6,
	BPF_SOCK_OPS_ALL_CB_FLAGS = 0x7f,
};

struct cb_flag_info {
	bpf_sock_ops_cb_flag flag;
	const char* name; ///< without the BPF_SOCK_OPS_ prefix
	kernel_release since;
};
inline constexpr cb_flag_info cb_flag_table[] = {
	{BPF_SOCK_OPS_RTO_CB_FLAG, "RTO_CB_FLAG", release(4, 16)},
	{BPF_SOCK_OPS_RETRANS_CB_FLAG, "RETRANS_CB_FLAG", release(4, 16)},
	{BPF_SOCK_OPS_STATE_CB_FLAG, "STATE_CB_FLAG", release(4, 16)},
	{BPF_SOCK_OPS_RTT_CB_FLAG, "RTT_CB_FLAG", release(5, 3)},
	{BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG, "PARSE_ALL_HDR_OPT_CB_FLAG", release(5, 10)},
	{BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG, "PARSE_UNKNOWN_HDR_OPT_CB_FLAG", release(5, 10)},
	{BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG, "WRITE_HDR_OPT_CB_FLAG", release(5, 10)},
};

/// args[0] of HDR_OPT_LEN_CB and WRITE_HDR_OPT_CB; 0: an ordinary segment.
enum : u32 {
	BPF_WRITE_HDR_TCP_CURRENT_MSS = 1,   ///< nothing is sent: the MSS is being worked out; no segment
	BPF_WRITE_HDR_TCP_SYNACK_COOKIE = 2, ///< a SYN-ACK with a syncookie
};
/// A flag of bpf_load_hdr_opt(): look into the SYN, the one that came or the one that was saved.
inline constexpr u64 bpf_load_hdr_opt_tcp_syn = 1; // BPF_LOAD_HDR_OPT_TCP_SYN

/// The flags that a release has: of others bpf_sock_ops_cb_flags_set() says that it does not know them.
constexpr u8 cb_flags_of(kernel_release of) noexcept {
	u8 flags = 0;
	for (const cb_flag_info& each : cb_flag_table)
		flags = static_cast<u8>(flags | (each.since <= of ? each.flag : 0));
	return flags;
}

/// What becomes of a program's reply.
enum class reply_use : u8 { ignored, jiffies, packets, exactly_one, microseconds, allow_only };

struct op_info {
	bpf_sock_ops_op op;
	const char* name; ///< without the BPF_SOCK_OPS_ prefix
	kernel_release since;
	u8 gate; ///< cb flags of which one must be set, or 0
	reply_use reply;
	u16 states;          ///< 1 << tcp_state, for each in which it fires; TCP_NEW_SYN_RECV: for requests
	const char* args[3]; ///< what the arguments mean; nullptr from the first unused one on
};

namespace detail {
inline constexpr u8 parse_flags =
	BPF_SOCK_OPS_PARSE_ALL_HDR_OPT_CB_FLAG | BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG;
} // namespace detail

/// Sets of states in which ops fire: 1 << tcp_state.
namespace op_states {
/// The set of these states.
template <class... States>
constexpr u16 in(States... each) noexcept {
	return static_cast<u16>(((1u << each) | ... | 0u));
}
inline constexpr u16 request = in(TCP_NEW_SYN_RECV);
inline constexpr u16 handshake = in(TCP_SYN_SENT, TCP_SYN_RECV);
/// Something may be waiting for its acknowledgement.
inline constexpr u16 sending = in(TCP_ESTABLISHED, TCP_FIN_WAIT1, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSING);
inline constexpr u16 connected = sending | in(TCP_FIN_WAIT2);
/// A header is built; in CLOSE that of the reset with which a connection is aborted.
inline constexpr u16 headers = handshake | connected | in(TCP_CLOSE);
} // namespace op_states

// clang-format off
inline constexpr op_info op_table[] = {
	{BPF_SOCK_OPS_VOID, "VOID", release(4, 13), 0, reply_use::ignored, 0, {}},
	{BPF_SOCK_OPS_TIMEOUT_INIT, "TIMEOUT_INIT", release(4, 13), 0, reply_use::jiffies, op_states::handshake | op_states::request, {}},
	{BPF_SOCK_OPS_RWND_INIT, "RWND_INIT", release(4, 13), 0, reply_use::packets, op_states::in(TCP_SYN_SENT) | op_states::request, {}},
	{BPF_SOCK_OPS_TCP_CONNECT_CB, "TCP_CONNECT_CB", release(4, 13), 0, reply_use::ignored, op_states::in(TCP_SYN_SENT), {}},
	{BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB, "ACTIVE_ESTABLISHED_CB", release(4, 13), 0, reply_use::ignored, op_states::in(TCP_ESTABLISHED), {}},
	{BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, "PASSIVE_ESTABLISHED_CB", release(4, 13), 0, reply_use::ignored, op_states::in(TCP_SYN_RECV), {}},
	{BPF_SOCK_OPS_NEEDS_ECN, "NEEDS_ECN", release(4, 13), 0, reply_use::exactly_one, op_states::handshake | op_states::request, {}},
	{BPF_SOCK_OPS_BASE_RTT, "BASE_RTT", release(4, 15), 0, reply_use::microseconds, op_states::handshake | op_states::connected, {}},
	{BPF_SOCK_OPS_RTO_CB, "RTO_CB", release(4, 16), BPF_SOCK_OPS_RTO_CB_FLAG, reply_use::ignored, op_states::handshake | op_states::sending, {"retransmits", "rto_jiffies", "expired"}},
	{BPF_SOCK_OPS_RETRANS_CB, "RETRANS_CB", release(4, 16), BPF_SOCK_OPS_RETRANS_CB_FLAG, reply_use::ignored, op_states::handshake | op_states::sending, {"seq", "segments", "error"}},
	{BPF_SOCK_OPS_STATE_CB, "STATE_CB", release(4, 16), BPF_SOCK_OPS_STATE_CB_FLAG, reply_use::ignored, op_states::handshake | op_states::connected | op_states::in(TCP_CLOSE, TCP_LISTEN), {"old_state", "new_state"}},
	{BPF_SOCK_OPS_TCP_LISTEN_CB, "TCP_LISTEN_CB", release(4, 19), 0, reply_use::ignored, op_states::in(TCP_LISTEN), {}},
	{BPF_SOCK_OPS_RTT_CB, "RTT_CB", release(5, 3), BPF_SOCK_OPS_RTT_CB_FLAG, reply_use::ignored, op_states::handshake | op_states::connected, {"rtt_us", "srtt_us_8"}},
	{BPF_SOCK_OPS_PARSE_HDR_OPT_CB, "PARSE_HDR_OPT_CB", release(5, 10), detail::parse_flags, reply_use::ignored, op_states::connected, {}},
	{BPF_SOCK_OPS_HDR_OPT_LEN_CB, "HDR_OPT_LEN_CB", release(5, 10), BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG, reply_use::allow_only, op_states::headers | op_states::request, {"kind"}},
	{BPF_SOCK_OPS_WRITE_HDR_OPT_CB, "WRITE_HDR_OPT_CB", release(5, 10), 0, reply_use::allow_only, op_states::headers | op_states::request, {"kind"}},
	{BPF_SOCK_OPS_TSTAMP_SCHED_CB, "TSTAMP_SCHED_CB", release(6, 15), 0, reply_use::ignored, op_states::handshake | op_states::connected, {}},
	{BPF_SOCK_OPS_TSTAMP_SND_SW_CB, "TSTAMP_SND_SW_CB", release(6, 15), 0, reply_use::ignored, op_states::handshake | op_states::connected, {}},
	{BPF_SOCK_OPS_TSTAMP_SND_HW_CB, "TSTAMP_SND_HW_CB", release(6, 15), 0, reply_use::ignored, op_states::handshake | op_states::connected, {}},
	{BPF_SOCK_OPS_TSTAMP_ACK_CB, "TSTAMP_ACK_CB", release(6, 15), 0, reply_use::ignored, op_states::handshake | op_states::connected, {}},
	{BPF_SOCK_OPS_TSTAMP_SENDMSG_CB, "TSTAMP_SENDMSG_CB", release(6, 15), 0, reply_use::ignored, op_states::handshake | op_states::connected, {}},
};
// clang-format on

/// The row of an op; nullptr for one that this library does not know.
constexpr const op_info* find_op(u32 op) noexcept {
	return op < std::size(op_table) ? &op_table[op] : nullptr;
}
/// "RWND_INIT"; "UNKNOWN" for an op without a row.
constexpr const char* op_name(u32 op) noexcept {
	const op_info* row = find_op(op);
	return row ? row->name : "UNKNOWN";
}
/// How many arguments the op has: 0 to 3.
constexpr u32 op_nargs(u32 op) noexcept {
	const op_info* row = find_op(op);
	u32 n = 0;
	while (row && n < 3 && row->args[n])
		++n;
	return n;
}

/// enum bpf_attach_type, as bpf(2) takes it.
inline constexpr u32 bpf_cgroup_sock_ops = 3; // BPF_CGROUP_SOCK_OPS
/// enum cgroup_bpf_attach_type: the index of a cgroup's arrays.
enum cgroup_bpf_attach_type : u8 { CGROUP_SOCK_OPS, MAX_CGROUP_BPF_ATTACH_TYPE };

/// BPF_F_* of an attach.
namespace attach_flags {
inline constexpr u32 none = 0;                ///< one program; descendants may not attach
inline constexpr u32 allow_override = 1 << 0; ///< one program; a descendant's replaces it
inline constexpr u32 allow_multi = 1 << 1;    ///< several programs; descendants' run in addition
inline constexpr u32 replace = 1 << 2;        ///< with allow_multi: takes a named program's place (5.6)
inline constexpr u32 before = 1 << 3;         ///< before the anchor; without one, first (6.17)
inline constexpr u32 after = 1 << 4;          ///< after the anchor; without one, last (6.17)
inline constexpr u32 id = 1 << 5;             ///< the anchor is named by its id (6.17)
inline constexpr u32 preorder = 1 << 6;       ///< runs before what descendants attach (6.15)
inline constexpr u32 link = 1 << 13;          ///< the anchor is a link (6.17)
/// What is saved as the mode of a cgroup's list.
inline constexpr u32 mode_mask = allow_override | allow_multi;
/// What may be said of an anchor.
inline constexpr u32 position_mask = before | after | id | link;
} // namespace attach_flags

/// Socket option levels.
namespace sol {
inline constexpr int ip = 0, socket = 1, tcp = 6, ipv6 = 41;
}
/// SO_*, by the numbers of x86 and of most other machines.
namespace so_option {
inline constexpr int reuseaddr = 2, sndbuf = 7, rcvbuf = 8, keepalive = 9, priority = 12, reuseport = 15,
					 rcvlowat = 18, bindtodevice = 25, mark = 36, max_pacing_rate = 47, bindtoifindex = 62,
					 txrehash = 74, sk_bpf_cb_flags = 1009;
}
/// IP_*.
namespace ip_option {
inline constexpr int tos = 1;
}
/// IPV6_*.
namespace ipv6_option {
inline constexpr int tclass = 67, autoflowlabel = 70;
}
/// TCP_*, without those of the enumeration below.
namespace tcp_option {
inline constexpr int nodelay = 1, maxseg = 2, keepidle = 4, keepintvl = 5, keepcnt = 6, syncnt = 7,
					 window_clamp = 10, congestion = 13, thin_linear_timeouts = 16, user_timeout = 18,
					 notsent_lowat = 25, save_syn = 27, saved_syn = 28, rto_max_ms = 44;
} // namespace tcp_option
enum : int {
	TCP_BPF_IW = 1001,
	TCP_BPF_SNDCWND_CLAMP = 1002,
	TCP_BPF_DELACK_MAX = 1003,
	TCP_BPF_RTO_MIN = 1004,
	TCP_BPF_SYN = 1005,
	TCP_BPF_SYN_IP = 1006,
	TCP_BPF_SYN_MAC = 1007,
	TCP_BPF_SOCK_OPS_CB_FLAGS = 1008,
};

} // namespace sockops
