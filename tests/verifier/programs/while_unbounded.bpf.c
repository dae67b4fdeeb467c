// SPDX-License-Identifier: MIT
// A loop that ends, as its number is shifted.
#include "asked.h"

__u64 s;

SEC("sockops")
int while_unbounded(struct bpf_sock_ops* skops) {
	__u32 n = skops->packets_out;
	while (n) {
		s += n;
		n >>= 1;
	}
	return 1;
}
