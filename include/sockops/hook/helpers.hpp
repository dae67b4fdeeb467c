// SPDX-License-Identifier: MIT
// The helpers that a program calls, with the kernel's checks in the kernel's order.
#pragma once

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/hook/hdr_opt_helpers.hpp>
#include <sockops/bpf/sk_storage_map.hpp>
#include <sockops/hook/printk.hpp>
#include <sockops/hook/sk_helpers.hpp>
#include <sockops/hook/time_helpers.hpp>

namespace sockops {

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

} // namespace sockops
