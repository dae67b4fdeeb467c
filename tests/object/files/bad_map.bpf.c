// SPDX-License-Identifier: MIT
// A map with a key that its type does not take.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u64);
	__type(value, __u32);
} wide SEC(".maps");

SEC("sockops")
int uses_wide(struct bpf_sock_ops *skops) {
	const __u64 key = 0;

	return bpf_map_lookup_elem(&wide, &key) == (void *)(long)skops->op;
}
