// SPDX-License-Identifier: MIT
// A context's fields are read by name. What bpf_probe_read_kernel() gives for one is the kernel's own structure at that
// place, or what lies behind it, and its result is 0 all the same.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 same, others;

SEC("sockops")
int addresses(struct bpf_sock_ops* skops) {
	__u32 peer = 0;

	if (skops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		return 1;
	bpf_probe_read_kernel(&peer, sizeof(peer), &skops->remote_ip4);
	if (peer == skops->remote_ip4)
		same++;
	else
		others++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
