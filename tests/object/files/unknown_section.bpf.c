// SPDX-License-Identifier: MIT
// Sections that are nearly the right one.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__u32 calls;

SEC("sockops")
int known(struct bpf_sock_ops *skops) {
	calls += skops->op;
	return 1;
}
SEC("sockops_two")
int suffixed(struct bpf_sock_ops *skops) { return skops->op != 0; }
SEC("sockops.s")
int sleepable(struct bpf_sock_ops *skops) { return skops->op != 0; }
SEC("cgroup/sock_ops")
int of_a_cgroup(struct bpf_sock_ops *skops) { return skops->op != 0; }
