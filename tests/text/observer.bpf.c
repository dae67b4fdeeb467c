// SPDX-License-Identifier: MIT
// Comes after another program, and takes from it what it can.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

SEC("sockops")
int observer(struct bpf_sock_ops* skops) {
	int packets = 10;

	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_setsockopt(skops, SOL_TCP, TCP_BPF_IW, &packets, sizeof(packets));
	return skops->op != BPF_SOCK_OPS_TIMEOUT_INIT;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
