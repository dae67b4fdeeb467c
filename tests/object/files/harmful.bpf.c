// SPDX-License-Identifier: MIT
// A tail call, and a function that is called back: what no kernel is asked about.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

static int round(__u32 index, void *context) {
	(void)context;
	return index > 1;
}

SEC("sockops")
int both(struct bpf_sock_ops *skops) {
	bpf_loop(3, round, 0, 0);
	bpf_tail_call(skops, &next, 0);
	return 1;
}

SEC("sockops/one")
int one(struct bpf_sock_ops *skops) {
	bpf_tail_call(skops, &next, 0);
	return 1;
}
