// SPDX-License-Identifier: MIT
// The first of two files that are linked: calls and reads what the second has.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int shared_total SEC(".data");
extern int twice(int number);

SEC("sockops")
int part_one(struct bpf_sock_ops *skops) {
	shared_total += twice(skops->op);
	return 1;
}
