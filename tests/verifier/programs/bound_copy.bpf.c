// SPDX-License-Identifier: MIT
// An index that was compared, by a variable.
#include "asked.h"

__u64 seen[13];

SEC("sockops")
int bound_copy(struct bpf_sock_ops* skops) {
	__u32 op = skops->op;
	if (op < 13)
		seen[op]++;
	return 1;
}
