// SPDX-License-Identifier: MIT
// Writes to a field that cannot be written, in a program whose name a kernel cuts.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("sockops")
int a_program_that_is_refused(struct bpf_sock_ops *skops) {
	*(volatile __u32 *)&skops->op = 1;
	return 1;
}
