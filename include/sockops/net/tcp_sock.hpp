// SPDX-License-Identifier: MIT
// struct tcp_sock: what a stack embeds, and keeps up to date as far as its programs read it.
//
// Context: whoever owns the socket, on any thread, inside programs too; never waits.
#pragma once

#include <sockops/net/saved_syn.hpp>
#include <sockops/net/sock.hpp>

namespace sockops {

struct tcp_sock;

/// What a stack may take from the hook: each call has a working default, so override what the
/// stack can do. Called on the dispatching thread, inside a read-side section: do not wait.
struct tcp_backend {
	/// TCP_CONGESTION: 0, or -ENOENT if the stack has no such algorithm. `name` is NUL-terminated.
	/// Default: -ENOENT.
	virtual int set_congestion_control(tcp_sock& tp, const char* name) noexcept;
	/// The name of the algorithm in use. Default: tcp_sock::icsk_ca_name.
	virtual const char* congestion_control(const tcp_sock& tp) noexcept;
	/// The congestion control in use starts on this connection: when it is established, or when a program
	/// has set it during the handshake or later. tcp_nv asks for the base RTT here (tcp_nv_init). Default:
	/// nothing.
	virtual void init_congestion_control(tcp_sock& tp) noexcept;
	/// An option that is about to be set (its value is allowed) or read: 0, or the -errno with which the
	/// stack refuses it, as one whose fields mean nothing to it; then nothing changes. Not asked of what only
	/// the hook uses (callback flags), and not of TCP_CONGESTION. Default: 0.
	virtual int sockopt_refused(const tcp_sock& tp, int level, int optname) noexcept;
	/// bpf_setsockopt() has just changed fields of `tp` for this option (TCP_BPF_IW: snd_cwnd, …);
	/// the stack takes them over. Default: nothing.
	virtual void sockopt_set(tcp_sock& tp, int level, int optname) noexcept;
	/// An option that the kernel's helper refuses (no row in sockopts()): a stack may offer more. 0 or
	/// -errno. Default: -EINVAL, as the kernel.
	virtual int setsockopt(tcp_sock& tp, int level, int optname, const void* optval, int optlen) noexcept;
	/// The same to read; on 0 all of optval has been written. Default: -EINVAL.
	virtual int getsockopt(tcp_sock& tp, int level, int optname, void* optval, int optlen) noexcept;

  protected:
	~tcp_backend() = default;
};

inline constexpr u32 tcp_init_cwnd = 10;
inline constexpr u32 tcp_mss_default = 536; ///< bytes
inline constexpr u32 tcp_infinite_ssthresh = 0x7fffffff;

/// What an IPv6 socket has besides.
struct ipv6_pinfo {
	u8 tclass = 0;
	bool autoflowlabel = false;
	bool autoflowlabel_set = false; ///< without: as net_ipv6's auto_flowlabels says
};

struct inet_sock : sock {
	u8 tos = 0;
	ipv6_pinfo pinet6{};
};

/// Fields by their kernel names; the initial values are a fresh socket's.
struct inet_connection_sock : inet_sock {
	u32 icsk_rto = 0;          ///< jiffies
	u32 icsk_rto_min = 0;      ///< jiffies
	u32 icsk_rto_max = 0;      ///< jiffies
	u32 icsk_delack_max = 0;   ///< jiffies
	u8 icsk_retransmits = 0;   ///< of the segment that is waited for
	u8 icsk_backoff = 0;       ///< doublings of icsk_rto
	u8 icsk_syn_retries = 0;   ///< TCP_SYNCNT; 0: the sysctl
	u32 icsk_user_timeout = 0; ///< TCP_USER_TIMEOUT, milliseconds; 0: none
	bool icsk_ca_initialized = false;
	bool icsk_ca_setsockopt = false;    ///< TCP_CONGESTION chose the algorithm, not the default
	bool icsk_ca_dst_locked = false;    ///< the route chose it: a change is -EPERM
	bool bpf_chg_cc_inprogress = false; ///< a TCP_CONGESTION change is running: another is -EBUSY
	char icsk_ca_name[16] = "cubic";    ///< icsk_ca_ops->name
};

/// TCP_NAGLE_*, bits of tcp_sock::nonagle.
namespace tcp_nagle {
inline constexpr u8 off = 1, cork = 2, push = 4;
}

struct tcp_sock : inet_connection_sock {
	u32 snd_cwnd = tcp_init_cwnd; ///< packets
	u32 snd_cwnd_clamp = ~0u;     ///< packets
	u32 snd_ssthresh = tcp_infinite_ssthresh;
	u32 srtt_us = 0;   ///< smoothed RTT, microseconds << 3
	u32 rtt_min = ~0u; ///< microseconds; ~0: none has been measured
	u32 rtt_seq = 0;   ///< snd_una beyond this: a new round trip
	u32 rcv_nxt = 0;
	u32 snd_nxt = 0;
	u32 snd_una = 0;
	u32 mss_cache = 0;                    ///< bytes
	u16 tcp_header_len = tcp_header_size; ///< usual length of a header sent: 20, or 32 with time stamps
	u16 total_rto = 0;                    ///< timeouts of the retransmission timer, all together
	u32 rate_delivered = 0;
	u32 rate_interval_us = 0;
	u32 delivered = 0;    ///< segments that the peer has, retransmissions included
	u32 delivered_ce = 0; ///< and of those that it saw marked (ECN)
	u32 dsack_dups = 0;   ///< segments that it says it had twice
	u32 packets_out = 0;
	u32 retrans_out = 0;
	u32 total_retrans = 0;
	u32 segs_in = 0;
	u32 data_segs_in = 0;
	u32 segs_out = 0;
	u32 data_segs_out = 0;
	u32 lost_out = 0;
	u32 sacked_out = 0;
	u64 bytes_received = 0;
	u64 bytes_acked = 0;
	u8 ecn_flags = 0;
	u8 bpf_sock_ops_cb_flags = 0; ///< inherited by children
	bool syn_data = false;        ///< the SYN carried data
	bool saw_unknown =
		false;              ///< rx_opt.saw_unknown: an option that TCP does not know, in what was parsed last
	u64 retrans_stamp = 0;  ///< ns: when what is now being retransmitted was first sent
	u8 nonagle = 0;         ///< tcp_nagle; off: TCP_NODELAY
	u16 user_mss = 0;       ///< TCP_MAXSEG, bytes; 0: none
	u32 window_clamp = 0;   ///< bytes
	u32 rcv_wnd = 0;        ///< bytes that are now offered
	u32 rcv_ssthresh = 0;   ///< bytes
	u8 scaling_ratio = 128; ///< of 256: the share of a receive buffer that is payload
	u32 keepalive_time = 0; ///< jiffies; 0: the sysctl
	u32 keepalive_intvl = 0;        ///< jiffies; 0: the sysctl
	u8 keepalive_probes = 0;        ///< 0: the sysctl
	bool thin_lto = false;          ///< TCP_THIN_LINEAR_TIMEOUTS
	u32 notsent_lowat = 0;          ///< bytes; 0: the sysctl
	u8 save_syn = 0;                ///< TCP_SAVE_SYN: 1 IP and TCP header, 2 link header too
	saved_syn_ptr saved_syn;        ///< the SYN that made this connection
	tcp_backend* backend = nullptr; ///< the stack's; not owned
};

/// What belongs to one connection, as it begins with it: windows, timers, estimates and counters. Options
/// and callback flags stay, and so does rtt_min.
void tcp_begin_connection(tcp_sock& tp) noexcept;

/// The same socket, which must be a TCP socket: nothing is looked at.
[[nodiscard]] inline tcp_sock* tcp_sk(sock* sk) noexcept { return static_cast<tcp_sock*>(sk); }
[[nodiscard]] inline const tcp_sock* tcp_sk(const sock* sk) noexcept {
	return static_cast<const tcp_sock*>(sk);
}

} // namespace sockops
