// SPDX-License-Identifier: MIT
// bpf_loop() with as many rounds as packets are out.
#include "asked.h"

__u64 s;
static long cb(__u32 i, void* x) {
	s += i;
	return 0;
}

SEC("sockops")
int loop_callback(struct bpf_sock_ops* skops) {
	bpf_loop(skops->packets_out, cb, 0, 0);
	return 1;
}
