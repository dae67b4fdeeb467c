// SPDX-License-Identifier: MIT
// srtt_us is in eighths of a microsecond, and TCP_BPF_RTO_MIN in microseconds: read and set as they are named and as
// one wishes, the one is eight times too long and the other is refused.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

__u32 set, refused, factor;

SEC("sockops")
int latency(struct bpf_sock_ops* skops) {
	int rto_min_ms = 20;

	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_RTT_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
		if (bpf_setsockopt(skops, SOL_TCP, TCP_BPF_RTO_MIN, &rto_min_ms, sizeof(rto_min_ms)) == 0)
			set++;
		else
			refused++;
	}
	if (skops->op == BPF_SOCK_OPS_RTT_CB) {
		bpf_printk("round trip %u us, smoothed %u us", skops->args[0], skops->args[1]);
		if (!factor && skops->args[0]) // of the first round trip they are the same time
			factor = skops->args[1] / skops->args[0];
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
