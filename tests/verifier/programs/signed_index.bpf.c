// SPDX-License-Identifier: MIT
// An index that was compared, signed.
#include "asked.h"

__u64 seen[13];

SEC("sockops")
int signed_index(struct bpf_sock_ops* skops) {
	int op = skops->op;
	if (op < 13)
		seen[op]++;
	return 1;
}
