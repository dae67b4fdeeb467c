// SPDX-License-Identifier: MIT
// A program that answers one op, as it is told before it is loaded, and no other.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 reply_op = 0;
const volatile __u32 reply_writes = 0; /* 0: leaves the reply as it is */
const volatile __s32 reply_value = 0;
const volatile __u32 reply_returns = 1;

SEC("sockops") int reply_to_one(struct bpf_sock_ops *ctx) {
	if (ctx->op != reply_op)
		return 1;
	if (reply_writes)
		ctx->reply = reply_value;
	return reply_returns != 0;
}
