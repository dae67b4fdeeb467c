// SPDX-License-Identifier: MIT
// "A SYN timeout of 10 ms": the reply is jiffies, so it is 40 ms where CONFIG_HZ is 250.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 timeout;

SEC("sockops")
int ten_ms(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = 10;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTO_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_RTO_CB && skops->args[0] == 0)
		timeout = skops->args[1];
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
