// SPDX-License-Identifier: MIT
// One of two arrays, by the family.
#include "asked.h"

__u64 a[4], b[4];

SEC("sockops")
int ternary_ptr(struct bpf_sock_ops* skops) {
	__u64* x = skops->family == 2 ? a : b;
	x[skops->op & 3]++;
	return 1;
}
