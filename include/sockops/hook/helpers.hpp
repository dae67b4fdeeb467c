// SPDX-License-Identifier: MIT
// The helpers that a program calls, with the kernel's checks in the kernel's order.
#pragma once

#include <sockops/bpf/bpf_sock_ops.hpp>
#include <sockops/hook/sockopt.hpp>

namespace sockops {

/// bpf_sock_ops_cb_flags_set(): ASSIGNS the callback flags (it does not add to them). Returns the
/// bits that it does not know: 0 if all were known; the known ones are applied all the same.
/// -EINVAL for a request; -EOPNOTSUPP in the TSTAMP ops; then nothing changes. With bit 31 set in
/// `argval` the result is negative although the flags were applied.
int bpf_sock_ops_cb_flags_set(bpf_sock_ops& skops, int argval) noexcept;

/// bpf_get_socket_cookie(): of the socket or request, never 0; the child has its request's.
u64 bpf_get_socket_cookie(bpf_sock_ops& skops) noexcept;

/// bpf_get_netns_cookie().
u64 bpf_get_netns_cookie(bpf_sock_ops& skops) noexcept;

/// bpf_ktime_get_ns(), by the clock of the socket's net. (The kernel's helper takes no context;
/// here each net has a clock of its own.)
u64 bpf_ktime_get_ns(bpf_sock_ops& skops) noexcept;

} // namespace sockops
