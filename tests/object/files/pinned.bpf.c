// SPDX-License-Identifier: MIT
// Maps that are shared by their names, and one that is not.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#ifndef ENTRIES
#define ENTRIES 8
#endif

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ENTRIES);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} calls_of_all_objects SEC(".maps");
int second(struct bpf_sock_ops *skops);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__uint(key_size, 4);
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {[0] = (void *)&second},
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} calls_of_this SEC(".maps");

static void count(void *map, __u32 key) {
	__u64 *slot, zero = 0;

	bpf_map_update_elem(map, &key, &zero, BPF_NOEXIST);
	slot = bpf_map_lookup_elem(map, &key);
	if (slot)
		++*slot;
}

SEC("sockops")
int first(struct bpf_sock_ops *skops) {
	count(&calls_of_all_objects, skops->op);
	count(&calls_of_this, 0);
	bpf_tail_call(skops, &steps, 0);
	return 1;
}
SEC("sockops")
int second(struct bpf_sock_ops *skops) {
	count(&calls_of_all_objects, 1000 + skops->op);
	return 1;
}
