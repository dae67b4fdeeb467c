// SPDX-License-Identifier: MIT
// Does what no program may, if a constant says so.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

const volatile __u32 writes = 1;

SEC("sockops")
int switched(struct bpf_sock_ops* skops) {
	if (writes)
		*(volatile __u32*)&skops->op = 1;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
