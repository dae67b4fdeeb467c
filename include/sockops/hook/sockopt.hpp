// SPDX-License-Identifier: MIT
// bpf_setsockopt() and bpf_getsockopt(), and the table of the options that they take.
//
// What a set option changes are fields of the tcp_sock, with the kernel's clamps and side effects; then
// the stack is told (tcp_backend::sockopt_set), and takes them over.
//
// Context: the helpers inside the call of a handler, on its thread, where they ask the stack's backend; the
// table anywhere. Never waits.
#pragma once

#include <span>

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/net/tcp_sock.hpp>

namespace sockops {

/// One option. The rows are in sockopts(); the rules of a row, in the kernel's order, in its members'.
struct sockopt_info {
	/// How long optval is.
	enum class length : u8 {
		word,  ///< exactly 4 bytes
		name,  ///< a device's or an algorithm's; 2 bytes or more for the latter
		bytes, ///< as long as the caller's room
	};
	/// Who has to know of a change besides the hook.
	enum class user : u8 { hook, stack };

	/// Of an option: it was there then, and since when has not been established.
	static constexpr kernel_release by_6_1 = release(6, 1);

	int level, optname;
	const char* name;     ///< as in the system's headers
	kernel_release since; ///< by_6_1: then or earlier, and no release is without it
	length optlen;
	user used_by;
	const char* member; ///< of the tcp_sock, that holds the value
	s64 min, max;       ///< of what can be set; outside: -EINVAL
	/// A word within min and max; 0 or -errno. nullptr: not to be set, or special.
	int (*set)(tcp_sock& tp, int value) noexcept;
	/// nullptr: not to be read (-EINVAL), or special.
	int (*get)(const tcp_sock& tp) noexcept;
	kernel_release read_since = 0; ///< of one that could be set before it could be read; 0: as since
};

/// The options of 6.18, by level and number.
std::span<const sockopt_info> sockopts() noexcept;
/// nullptr: the kernel's helpers answer -EINVAL.
const sockopt_info* find_sockopt(int level, int optname) noexcept;

/// bpf_setsockopt(). 0 or, in this order:
///   -EOPNOTSUPP  in the TSTAMP ops; TCP_NODELAY in ops 14 and 15 with net_profile::no_nodelay_in_hdr_opt
///                (6.18 takes it there; the backend that is told of it must then not send at once)
///   -EINVAL      a request; an option that sockopts() has not (first tcp_backend::setsockopt() is asked),
///                or that is younger than net_profile::kernel;
///                one of IP on a socket that is v6-only (as one bound to an IPv6 address is), of IPV6 on one
///                that is not AF_INET6; an optlen that is not 4, but for names; a value out of range
///   -errno       with which tcp_backend::sockopt_refused() refuses it
/// Special are
///   SO_SNDBUF, SO_RCVBUF     at most sysctl_[wr]mem_max, then doubled, at least 4608 and 2304 bytes
///   SO_BINDTODEVICE          -ENODEV: no such device (net::dev_ifindex); "" unbinds
///   IP_TOS, IPV6_TCLASS      without the two ECN bits; IP_TOS sets sk_priority too
///   TCP_WINDOW_CLAMP         at least 1152; 0 only in CLOSE
///   TCP_CONGESTION           -EINVAL for less than 2 bytes, -ENOTSUPP (524) for "cdg", -EBUSY while a change
///                            is going on, -EPERM if the route chose, 0 for the one in use, else what
///                            tcp_backend::set_congestion_control() says (-ENOENT: not there)
///   TCP_BPF_IW               before data was sent: snd_cwnd
///   TCP_BPF_SNDCWND_CLAMP    snd_cwnd_clamp and snd_ssthresh
///   TCP_BPF_RTO_MIN, TCP_BPF_DELACK_MAX  microseconds; as jiffies from 2 to HZ/5
///   TCP_BPF_SOCK_OPS_CB_FLAGS, SK_BPF_CB_FLAGS  an unknown bit: -EINVAL, and nothing changes
/// An optlen below 1 (the verifier lets no program do that) is -EINVAL.
int bpf_setsockopt(bpf_sock_ops& skops, int level, int optname, const void* optval, int optlen) noexcept;

/// bpf_getsockopt(). 0 and the value, or the errors above. Special are
///   TCP_BPF_SYN, _SYN_IP, _SYN_MAC  the SYN's headers, also of a request: those of the SYN that is being
///                            answered, else those that TCP_SAVE_SYN kept. Returns their LENGTH; -ENOSPC if
///                            optlen is less, optlen bytes being copied; -ENOENT: none kept, no link header
///   TCP_SAVED_SYN            optlen bytes of what was kept; -EINVAL: there is less. 0; nothing is freed
///   TCP_CONGESTION           NUL-terminated, the rest zero
///   TCP_BPF_IW, TCP_BPF_SNDCWND_CLAMP, SO_BINDTODEVICE  -EINVAL
/// On error optval is all zero, except that -EOPNOTSUPP does not touch it.
int bpf_getsockopt(bpf_sock_ops& skops, int level, int optname, void* optval, int optlen) noexcept;

} // namespace sockops
