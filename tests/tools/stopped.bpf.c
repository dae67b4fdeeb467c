// SPDX-License-Identifier: MIT
// Uses what a lookup returned without looking at it: no kernel would load it.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} ports SEC(".maps");

SEC("sockops")
int stopped(struct bpf_sock_ops* skops) {
	__u32 port = skops->local_port;
	__u64* times;

	if (skops->op != BPF_SOCK_OPS_TCP_CONNECT_CB)
		return 1;
	times = bpf_map_lookup_elem(&ports, &port);
	++*times;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
