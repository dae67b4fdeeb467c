// SPDX-License-Identifier: MIT
// An index that was compared, in another load of the same field.
#include "asked.h"

__u64 seen[13];

SEC("sockops")
int bound(struct bpf_sock_ops* skops) {
	if (skops->op < 13)
		seen[skops->op]++;
	return 1;
}
