// SPDX-License-Identifier: MIT
// Loops by callback: over numbers with bpf_loop(), over the elements of a map with bpf_for_each_map_elem().
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct bpf_map;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);   // op
	__type(value, __u64); // calls
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} squares SEC(".maps");

__u64 total, visited, stopped_at, triangles;
__s64 looped, wrong_flags;

struct sum {
	__u64 calls, elements;
};

static long add_element(struct bpf_map* map, const void* key, void* value, void* context) {
	struct sum* sum = context;

	(void)map;
	sum->calls += *(__u64*)value * (*(const __u32*)key != 0);
	sum->elements++;
	return 0;
}

static long square(__u32 index, void* context) {
	__u64 value = (__u64)index * index;
	__u32 key = index;

	*(__u64*)context += index;
	bpf_map_update_elem(&squares, &key, &value, BPF_ANY);
	return index == 6;
}

static long find_large(struct bpf_map* map, const void* key, void* value, void* context) {
	(void)map;
	*(__u32*)context = *(const __u32*)key;
	return *(__u64*)value > 20;
}

SEC("sockops")
int loops(struct bpf_sock_ops* skops) {
	__u64 one = 1, sum_of_numbers = 0, *count;
	struct sum sum = {};
	__u32 op = skops->op, found = 0;

	count = bpf_map_lookup_elem(&calls, &op);
	if (count)
		++*count;
	else
		bpf_map_update_elem(&calls, &op, &one, BPF_NOEXIST);
	if (op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	looped = bpf_loop(100, square, &sum_of_numbers, 0);
	wrong_flags = bpf_loop(1, square, &sum_of_numbers, 1);
	triangles = sum_of_numbers;
	bpf_for_each_map_elem(&calls, add_element, &sum, 0);
	total = sum.calls;
	visited = sum.elements;
	bpf_for_each_map_elem(&squares, find_large, &found, 0);
	stopped_at = found;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
