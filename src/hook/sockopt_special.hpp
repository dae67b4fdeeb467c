// SPDX-License-Identifier: MIT
// Options that are no words: names, and the headers of a SYN.
#pragma once

#include <sockops/bpf/bpf_sock_ops_kern.hpp>

#include "sockopt_rows.hpp"

namespace sockops::detail {

/// Bytes of a SYN, and how many; or nullptr and -ENOENT.
struct syn_headers {
	const u8* start;
	int length;
};

/// bpf_sock_ops_get_syn(): from the link, IP or TCP header on, by the option (TCP_BPF_SYN_MAC, _SYN_IP,
/// _SYN), to the end of the TCP header. Looks at the context's syn_skb, else at what the request or the
/// socket has saved.
syn_headers bpf_sock_ops_get_syn(const bpf_sock_ops_kern& ctx, int optname) noexcept;

/// The length, or -ENOENT, or -ENOSPC; all of optval is written. optlen > 0.
int get_syn(const bpf_sock_ops_kern& ctx, int optname, void* optval, int optlen) noexcept;
/// optlen > 0
int get_saved_syn(const tcp_sock& tp, void* optval, int optlen) noexcept;

} // namespace sockops::detail
