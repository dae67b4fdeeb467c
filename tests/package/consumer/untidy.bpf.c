// SPDX-License-Identifier: MIT
// Compiles, if its author's warnings are nobody else's business: a parameter and a variable that nobody uses.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "reply.h"

static int answer(struct bpf_sock_ops *skops, int unused) {
	int left_over;
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = REPLY_OF(JIFFIES);
	return 1;
}

SEC("sockops")
int untidy(struct bpf_sock_ops *skops) { return answer(skops, 3); }
