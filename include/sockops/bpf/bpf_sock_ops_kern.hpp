// SPDX-License-Identifier: MIT
// struct bpf_sock_ops_kern: one call of the hook, as the kernel sees it. The layout of 6.15 on.
#pragma once

#include <cstddef>

#include <sockops/kern/types.hpp>
#include <sockops/net/sk_buff.hpp>
#include <sockops/net/sock_common.hpp>

namespace sockops {

struct bpf_sock_ops_kern {
	sock_common* sk; ///< a full socket or, with is_fullsock 0, a request
	union {          ///< one and the same 16 bytes: reply is args[0]
		u32 args[4];
		u32 reply;
		u32 replylong[4];
	};
	sk_buff* syn_skb;
	sk_buff* skb;
	void* skb_data_end;
	u8 op;
	u8 is_fullsock;
	u8 is_locked_tcp_sock; ///< since 6.15: may guarded fields be read
	u8 remaining_opt_len;
	u64 temp; ///< scratch of the kernel's code rewriter; never zeroed
};

static_assert(offsetof(bpf_sock_ops_kern, args) == 8 && offsetof(bpf_sock_ops_kern, syn_skb) == 24);
static_assert(offsetof(bpf_sock_ops_kern, op) == 48 && offsetof(bpf_sock_ops_kern, temp) == 56);
static_assert(sizeof(bpf_sock_ops_kern) == 64);

} // namespace sockops
