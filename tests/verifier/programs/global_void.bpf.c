// SPDX-License-Identifier: MIT
// A global function that returns nothing.
#include "asked.h"

__u64 s;
__noinline void add(int x) { s += x; }

SEC("sockops")
int global_void(struct bpf_sock_ops* skops) {
	add(skops->op);
	return 1;
}
