// SPDX-License-Identifier: MIT
// Which ops let a program touch its socket: is_locked_tcp_sock_ops().
#pragma once

#include <sockops/bpf/bpf_sock_ops_kern.hpp>
#include <sockops/bpf/uapi.hpp>

namespace sockops::detail {

/// By the op's number, not by is_locked_tcp_sock: so the kernel's helpers decide (6.15 on).
inline bool is_locked_tcp_sock_ops(const bpf_sock_ops_kern& ctx) noexcept {
	return ctx.op <= BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
}

} // namespace sockops::detail
