// SPDX-License-Identifier: MIT
// A program that replies -1, "nothing from me", to whatever it does not know: all share one reply, and the last word
// counts. The reply is also the word of the first argument: what it overwrites is the next program's old state.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 timeout, left_established;

SEC("sockops")
int fast_syn(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = 50; // jiffies
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RTO_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_RTO_CB)
		timeout = skops->args[1];
	return 1;
}

SEC("sockops")
int large_window(struct bpf_sock_ops* skops) {
	int reply = -1;

	if (skops->op == BPF_SOCK_OPS_RWND_INIT)
		reply = 20; // packets
	skops->reply = reply;
	return 1;
}

SEC("sockops")
int closings(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_STATE_CB && skops->args[0] == BPF_TCP_ESTABLISHED)
		left_established++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
