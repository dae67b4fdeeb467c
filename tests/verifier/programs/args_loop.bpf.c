// SPDX-License-Identifier: MIT
// All arguments in a loop, which a compiler unrolls.
#include "asked.h"

__u64 sum;

SEC("sockops")
int args_loop(struct bpf_sock_ops* skops) {
	for (int i = 0; i < 4; i++)
		sum += skops->args[i];
	return 1;
}
