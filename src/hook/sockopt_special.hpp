// SPDX-License-Identifier: MIT
// Options that are no words: names, and the headers of a SYN.
#pragma once

#include <sockops/bpf/bpf_sock_ops_kern.hpp>

#include "sockopt_rows.hpp"

namespace sockops::detail {

/// TCP_BPF_SYN, _SYN_IP or _SYN_MAC: the headers' length, or -ENOENT, or -ENOSPC; all of optval is written.
/// optlen > 0.
int get_syn(const bpf_sock_ops_kern& ctx, int optname, void* optval, int optlen) noexcept;
/// optlen > 0
int get_saved_syn(const tcp_sock& tp, void* optval, int optlen) noexcept;

} // namespace sockops::detail
