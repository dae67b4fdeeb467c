// SPDX-License-Identifier: MIT
// A callback of bpf_loop() that returns -1.
#include "asked.h"

__u64 s;
static long cb(__u32 i, void* x) {
	s += i;
	return i == 5 ? -1 : 0;
}

SEC("sockops")
int loop_callback_ret2(struct bpf_sock_ops* skops) {
	bpf_loop(10, cb, 0, 0);
	return 1;
}
