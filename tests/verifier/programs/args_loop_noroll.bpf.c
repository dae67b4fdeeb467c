// SPDX-License-Identifier: MIT
// All arguments in a loop that stays one.
#include "asked.h"

__u64 sum;

SEC("sockops")
int args_loop_noroll(struct bpf_sock_ops* skops) {
#pragma clang loop unroll(disable)
	for (int i = 0; i < 4; i++)
		sum += skops->args[i];
	return 1;
}
