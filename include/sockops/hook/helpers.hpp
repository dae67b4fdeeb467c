// SPDX-License-Identifier: MIT
// The helpers that a program calls, with the kernel's checks in the kernel's order.
#pragma once

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/hook/hdr_opt_helpers.hpp>

namespace sockops {

/// bpf_sock_ops_cb_flags_set(): ASSIGNS the callback flags (it does not add to them). Returns the
/// bits that it does not know: 0 if all were known; the known ones are applied all the same.
/// -EINVAL for a request; -EOPNOTSUPP in the TSTAMP ops; then nothing changes. With bit 31 set in
/// `argval` the result is negative although the flags were applied.
int bpf_sock_ops_cb_flags_set(bpf_sock_ops& skops, int argval) noexcept;

/// bpf_setsockopt(). 0 or, in this order: -EOPNOTSUPP in the TSTAMP ops; -EINVAL for a request, an
/// unknown level or option, or (but for names) an optlen that is not 4; and
///   TCP_BPF_IW             packets > 0, before data was sent (else -EINVAL): snd_cwnd
///   TCP_BPF_SNDCWND_CLAMP  packets > 0: snd_cwnd_clamp and snd_ssthresh
///   TCP_BPF_RTO_MIN, TCP_BPF_DELACK_MAX
///                          microseconds; as jiffies from 2 to HZ/5, else -EINVAL
///   TCP_BPF_SOCK_OPS_CB_FLAGS  within 0x7f, else -EINVAL and nothing changes
///   tcp_option::congestion a name (optlen >= 2): -ENOTSUPP (524) for "cdg", -EBUSY while a change
///                          is going on, else what the stack's backend says (-ENOENT: not there)
/// Other options go to the backend. What has changed is told to tcp_backend::sockopt_set().
int bpf_setsockopt(bpf_sock_ops& skops, int level, int optname, const void* optval, int optlen) noexcept;

/// bpf_getsockopt(). As in 6.18, RTO_MIN and DELACK_MAX (microseconds), SOCK_OPS_CB_FLAGS and the
/// congestion control's name (NUL-terminated, the rest zero) can be read; IW and SNDCWND_CLAMP
/// cannot (-EINVAL): read skops.snd_cwnd. TCP_BPF_SYN*: -ENOENT, as no SYN is saved.
/// On error optval is all zero, except for -EOPNOTSUPP, which does not touch it.
int bpf_getsockopt(bpf_sock_ops& skops, int level, int optname, void* optval, int optlen) noexcept;

/// bpf_get_socket_cookie(): of the socket or request, never 0; the child has its request's.
u64 bpf_get_socket_cookie(bpf_sock_ops& skops) noexcept;

/// bpf_get_netns_cookie().
u64 bpf_get_netns_cookie(bpf_sock_ops& skops) noexcept;

/// bpf_ktime_get_ns(), by the clock of the socket's net. (The kernel's helper takes no context;
/// here each net has a clock of its own.)
u64 bpf_ktime_get_ns(bpf_sock_ops& skops) noexcept;

} // namespace sockops
