// SPDX-License-Identifier: MIT
// bpf_sock_ops_cb_flags_set() assigns all flags of a socket, those of neighbours, too.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 retransmitted, round_trips;

SEC("sockops")
int retransmits(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RETRANS_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_RETRANS_CB)
		retransmitted++;
	return 1;
}

SEC("sockops")
int rtt(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_RTT_CB)
		round_trips++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
