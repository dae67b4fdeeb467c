// SPDX-License-Identifier: MIT
// Maps as they were declared before libbpf 1.0, one with the types of its keys and values.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

char _license[] SEC("license") = "Dual MIT/GPL";

struct bpf_map_def SEC("maps") first = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 3,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") second = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = 4,
	.value_size = 16,
	.max_entries = 2,
};

struct pair {
	__u64 first, second;
};
struct ____btf_map_second {
	__u32 key;
	struct pair value;
};
struct ____btf_map_second ____btf_map_second __attribute__((section(".maps.second"), used));

SEC("sockops")
int legacy(struct bpf_sock_ops *skops) {
	const __u32 key = 7, one = 1;
	const __u64 value = 70;
	struct pair *slot = bpf_map_lookup_elem(&second, &one);

	bpf_map_update_elem(&first, &key, &value, BPF_ANY);
	if (slot)
		slot->second = skops->op;
	return 1;
}
