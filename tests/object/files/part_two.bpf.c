// SPDX-License-Identifier: MIT
// The second of two files that are linked.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

int shared_total = 100;

__attribute__((noinline)) int twice(int number) { return 2 * number; }

SEC("sock_ops")
int part_two(struct bpf_sock_ops *skops) {
	shared_total -= skops->op;
	return 1;
}
