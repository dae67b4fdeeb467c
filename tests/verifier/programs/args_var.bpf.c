// SPDX-License-Identifier: MIT
// An argument by an index.
#include "asked.h"

__u64 sum;
__u32 which;

SEC("sockops")
int args_var(struct bpf_sock_ops* skops) {
	sum += skops->args[which & 3];
	return 1;
}
