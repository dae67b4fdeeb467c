// SPDX-License-Identifier: MIT
// A socket tells of RTO, RETRANS, STATE, RTT and header options once it is asked to, and not of what was before: who
// asks when the connection is established hears of no SYN that was lost.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 timeouts_of_syns, timeouts_of_data;

SEC("sockops")
int losses(struct bpf_sock_ops* skops) {
	switch (skops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTO_CB_FLAG);
		break;
	case BPF_SOCK_OPS_RTO_CB:
		if (skops->state == BPF_TCP_SYN_SENT)
			timeouts_of_syns++;
		else
			timeouts_of_data++;
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
