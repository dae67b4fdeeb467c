// SPDX-License-Identifier: MIT
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("sockops")
int fifty(struct bpf_sock_ops *skops) {
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = 50;
	return 1;
}
