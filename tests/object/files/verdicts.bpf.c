// SPDX-License-Identifier: MIT
// Of five programs two are taken, two are refused by any kernel, and one uses a map of a type that is not modelled. A
// program that is refused is in a PROG_ARRAY.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 8);
	__uint(value_size, 4);
} ops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1 << 20);
	__type(key, __u32);
	__type(value, __u64);
} many SEC(".maps");

int writes_where_nothing_may_be(struct bpf_sock_ops *skops);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {[0] = (void *)&writes_where_nothing_may_be},
};

const volatile __u32 result = 1;

SEC("sockops")
int counts(struct bpf_sock_ops *skops) {
	__u32 op = skops->op;
	__u64 one = 1, *count = bpf_map_lookup_elem(&many, &op);

	if (count)
		++*count;
	else
		bpf_map_update_elem(&many, &op, &one, BPF_ANY);
	bpf_tail_call(skops, &steps, 0);
	return 1;
}
SEC("sockops")
int writes_where_nothing_may_be(struct bpf_sock_ops *skops) {
	*(volatile __u32 *)&skops->op = 1;
	return 1;
}
SEC("sockops")
int filters(struct bpf_sock_ops *skops) {
	__u32 op = skops->op;

	return bpf_map_push_elem(&ops, &op, 0) == 0;
}
SEC("sockops")
int returns_two(struct bpf_sock_ops *skops) {
	(void)skops;
	return 2;
}
SEC("sockops/last")
int is_the_last(struct bpf_sock_ops *skops) {
	if (result == 3)
		*(volatile __u32 *)&skops->op = 1;
	return 1;
}
