// SPDX-License-Identifier: MIT
// An index modulo 16, which a compiler masks.
#include "asked.h"

__u64 seen[16];

SEC("sockops")
int mod16(struct bpf_sock_ops* skops) {
	seen[skops->op % 16]++;
	return 1;
}
