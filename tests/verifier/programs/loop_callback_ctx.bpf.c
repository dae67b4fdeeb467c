// SPDX-License-Identifier: MIT
// A callback of bpf_loop() that is given the context.
#include "asked.h"

__u64 s;
static long cb(__u32 i, void* x) {
	struct bpf_sock_ops* skops = x;
	s += skops->op;
	return 0;
}

SEC("sockops")
int loop_callback_ctx(struct bpf_sock_ops* skops) {
	bpf_loop(10, cb, skops, 0);
	return 1;
}
