// SPDX-License-Identifier: MIT
// The same function, static.
#include "asked.h"

__u64 s;
static __noinline int add(__u64* x) {
	*x += 1;
	return 0;
}

SEC("sockops")
int static_fn(struct bpf_sock_ops* skops) {
	add(&s);
	return 1;
}
