// SPDX-License-Identifier: MIT
// A global function writes through its argument untested.
#include "asked.h"

__u64 s;
__noinline int add(__u64* x) {
	*x += 1;
	return 0;
}

SEC("sockops")
int global_fn(struct bpf_sock_ops* skops) {
	add(&s);
	return 1;
}
