// SPDX-License-Identifier: MIT
// An observer that returns 0, "all is well", as main() and BPF_OK have it: here 0 denies, and takes its neighbour's
// reply along.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 connections, timeout;

SEC("sockops")
int fast_syn(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTO_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = 50; // jiffies
	if (skops->op == BPF_SOCK_OPS_RTO_CB && skops->args[0] == 0)
		timeout = skops->args[1];
	return 1;
}

SEC("sockops")
int observer(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		connections++;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
