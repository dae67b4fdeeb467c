// SPDX-License-Identifier: MIT
// Helpers about the socket of a call: what it is, its cookies, its callback flags, its time stamps.
// What it stores for programs: bpf/sk_storage.hpp.
//
// Context: inside the call of a handler, on its thread; never waits. What takes a socket, and no call:
// whoever owns the socket.
#pragma once

#include <sockops/bpf/bpf_sock_ops.hpp>

namespace sockops {

/// bpf_sock_ops_cb_flags_set(): ASSIGNS the callback flags (it does not add to them). Returns the
/// bits that it does not know: 0 if all were known; the known ones are applied all the same.
/// -EINVAL for a request; -EOPNOTSUPP in the TSTAMP ops; then nothing changes. With bit 31 set in
/// `argval` the result is negative although the flags were applied.
int bpf_sock_ops_cb_flags_set(bpf_sock_ops& skops, int argval) noexcept;

/// bpf_get_socket_cookie(): of the socket or request, never 0; the child has its request's.
u64 bpf_get_socket_cookie(bpf_sock_ops& skops) noexcept;

/// bpf_get_netns_cookie(): of the socket's or request's net; with null, the first namespace's, 1.
u64 bpf_get_netns_cookie(bpf_sock_ops& skops) noexcept;
u64 bpf_get_netns_cookie(std::nullptr_t) noexcept;

/// bpf_sock_ops_enable_tx_tstamp(), a kfunc (6.15): samples the send that a TSTAMP_SENDMSG_CB reports,
/// so that its way out and its acknowledgement are reported too. 0; -EOPNOTSUPP in any other op; -EINVAL
/// with flags. A second call changes nothing.
int bpf_sock_ops_enable_tx_tstamp(bpf_sock_ops& skops, u64 flags) noexcept;

// The kinds of a socket. Each returns the same socket by its kind, or nullptr if it is null or of
// another kind; `sk` may be a full socket, a request or a time-wait socket, by its state.

/// bpf_tcp_sock() and bpf_skc_to_tcp_sock(): a full TCP socket.
[[nodiscard]] tcp_sock* bpf_tcp_sock(sock_common* sk) noexcept;
[[nodiscard]] tcp_sock* bpf_skc_to_tcp_sock(sock_common* sk) noexcept;
/// A full TCP socket of AF_INET6 (struct tcp6_sock).
[[nodiscard]] tcp_sock* bpf_skc_to_tcp6_sock(sock_common* sk) noexcept;
/// A time-wait socket.
[[nodiscard]] inet_timewait_sock* bpf_skc_to_tcp_timewait_sock(sock_common* sk) noexcept;
/// A request.
[[nodiscard]] request_sock* bpf_skc_to_tcp_request_sock(sock_common* sk) noexcept;
/// A full UDP socket of AF_INET6.
[[nodiscard]] sock* bpf_skc_to_udp6_sock(sock_common* sk) noexcept;
/// A socket of AF_UNIX.
[[nodiscard]] sock* bpf_skc_to_unix_sock(sock_common* sk) noexcept;
/// The MPTCP socket of a subflow: there are none, so nullptr for every socket.
struct mptcp_sock;
[[nodiscard]] mptcp_sock* bpf_skc_to_mptcp_sock(sock_common* sk) noexcept;

} // namespace sockops
