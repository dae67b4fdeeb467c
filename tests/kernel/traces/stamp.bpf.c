// SPDX-License-Identifier: MIT
// As trace.bpf.c; and it asks for timestamps of each send(), where the kernel has the functions for it.
#include "trace_call.bpf.h"

/* Only the name matters: a declaration without a body would not match the kernel's. */
struct bpf_sock_ops_kern {
	__u32 unused;
};
extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;
extern int bpf_sock_ops_enable_tx_tstamp(struct bpf_sock_ops_kern *ctx, __u64 flags) __ksym;
enum { TSTAMP_SENDMSG_CB = 20 };

static __always_inline int trace_and_stamp(struct bpf_sock_ops *ctx, __u32 side) {
	trace(ctx, side);
	if (ctx->op == TSTAMP_SENDMSG_CB)
		bpf_sock_ops_enable_tx_tstamp(bpf_cast_to_kern_ctx(ctx), 0);
	return 1;
}

SEC("sockops") int trace_of_client(struct bpf_sock_ops *ctx) { return trace_and_stamp(ctx, trace_client); }
SEC("sockops") int trace_of_server(struct bpf_sock_ops *ctx) { return trace_and_stamp(ctx, trace_server); }
