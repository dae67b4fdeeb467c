// SPDX-License-Identifier: MIT
// Uses a map of a type that the library has not.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} devices SEC(".maps");

SEC("sockops")
int uses_devices(struct bpf_sock_ops *skops) {
	const __u32 key = skops->op;

	return bpf_map_lookup_elem(&devices, &key) != 0;
}
