// SPDX-License-Identifier: MIT
// Changes maps as it is told by the arguments of RTO_CB: what, which map, which key, which value.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct value {
	__u64 number;
	char rest[56];
};
#define MAP(kind, name, entries)                                                                             \
	struct {                                                                                                 \
		__uint(type, kind);                                                                                  \
		__uint(max_entries, entries);                                                                        \
		__type(key, __u32);                                                                                  \
		__type(value, struct value);                                                                         \
	} name SEC(".maps")

#ifndef ENTRIES
#define ENTRIES 12 // fewer than there are keys: updates fail, and LRU_HASH evicts
#endif
MAP(BPF_MAP_TYPE_HASH, hash, ENTRIES);
MAP(BPF_MAP_TYPE_LRU_HASH, lru_hash, ENTRIES);
MAP(BPF_MAP_TYPE_ARRAY, array, ENTRIES);
MAP(BPF_MAP_TYPE_PERCPU_HASH, percpu_hash, ENTRIES);
MAP(BPF_MAP_TYPE_PERCPU_ARRAY, percpu_array, ENTRIES);
MAP(BPF_MAP_TYPE_ARRAY, single, 1);
__u64 variable;

enum { update, delete, write, write_two, write_all, write_behind, read, kinds };

static long write_each(void *map, __u32 *key, struct value *value, __u64 *number) {
	(void)map;
	value->number = *number + *key % 2;
	return 0;
}

static __always_inline void act(void *map, __u32 what, __u32 key, __u64 number) {
	struct value fresh = {.number = number}, *first, *second;
	__u32 other = key / 2;

	switch (what) {
	case update:
		bpf_map_update_elem(map, &key, &fresh, number % 3);
		break;
	case delete:
		bpf_map_delete_elem(map, &key);
		break;
	case write_all:
		bpf_for_each_map_elem(map, write_each, &number, 0);
		break;
	default:
		first = bpf_map_lookup_elem(map, &key);
		second = bpf_map_lookup_elem(map, &other);
		if (what == read || !first)
			break;
		first->number = number;
		if (what != write_two || !second)
			break;
		second->rest[number % 32]++; // in turn: neither is the one that was found last
		first->rest[number % 32]++;
		second->number += first->number;
	}
}

SEC("sockops")
int changes(struct bpf_sock_ops *skops) {
	__u32 what = skops->args[0], map = skops->args[1], key = skops->args[2];
	__u64 number = skops->args[3];

	if (skops->op != BPF_SOCK_OPS_RTO_CB)
		return 1;
	variable += what == write_behind;
	if (map == 0)
		act(&hash, what, key, number);
	else if (map == 1)
		act(&lru_hash, what, key, number);
	else if (map == 2)
		act(&array, what, key, number);
	else if (map == 3)
		act(&percpu_hash, what, key, number);
	else if (map == 4)
		act(&percpu_array, what, key, number);
	else
		act(&single, what, 0, number);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
