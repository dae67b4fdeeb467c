// SPDX-License-Identifier: MIT
// Reads a member of a type that the library has not.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct sock_reuseport {
	struct sock *first;
	unsigned int members;
} __attribute__((preserve_access_index));

SEC("sockops")
int missing_type(struct bpf_sock_ops *skops) {
	return skops->op == ((struct sock_reuseport *)(long)skops->args[0])->members;
}
