// SPDX-License-Identifier: MIT
// A program, of a name longer than a kernel keeps, that neither a kernel nor this library takes: it writes where nothing may be written.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("sockops")
int refused_for_a_long_name(struct bpf_sock_ops *skops) {
	*(volatile __u32 *)&skops->op = 1;
	return 1;
}
