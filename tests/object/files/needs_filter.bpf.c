// SPDX-License-Identifier: MIT
// Of three programs one needs a map of a type that is not modelled, and one is reached by a tail call.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 8);
	__uint(value_size, 4);
} ops SEC(".maps");

int next(struct bpf_sock_ops *skops);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {[0] = (void *)&next},
};

__u32 calls;

SEC("sockops")
int counts(struct bpf_sock_ops *skops) {
	bpf_tail_call(skops, &steps, 0);
	return 0;
}
SEC("sockops")
int filters(struct bpf_sock_ops *skops) {
	__u32 op = skops->op;

	return bpf_map_push_elem(&ops, &op, 0) == 0;
}
SEC("sockops")
int next(struct bpf_sock_ops *skops) {
	calls += skops->op;
	return 1;
}
