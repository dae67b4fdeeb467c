// SPDX-License-Identifier: MIT
// Declarations of maps of before 2020, of three loaders, and of today, in one file.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct bpf_map_def { /* samples of the kernel */
	__u32 type, key_size, value_size, max_entries, map_flags;
};
struct bpf_elf_map { /* tc */
	__u32 type, size_key, size_value, max_elem, flags, id, pinning, inner_id, inner_idx;
};
struct rust_map { /* aya */
	__u32 map_type, key_size, value_size, max_entries, map_flags, id, pinning;
};
struct short_map {
	__u32 type, key_size, value_size, max_entries;
};

struct bpf_map_def SEC("maps") of_samples = {BPF_MAP_TYPE_HASH, 4, 8, 16, BPF_F_NO_PREALLOC};
struct bpf_elf_map SEC("maps") of_tc = {
	.type = BPF_MAP_TYPE_ARRAY, .size_key = 4, .size_value = 8, .max_elem = 32, .id = 3, .pinning = 2};
struct rust_map SEC("maps/of_rust") of_rust = {BPF_MAP_TYPE_HASH, 4, 8, 64, 0, 0, 1};
struct short_map SEC("maps") of_old = {BPF_MAP_TYPE_ARRAY, 4, 8, 128};

#ifndef OLD_ONLY
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, __u64);
} of_today SEC(".maps");
int by_tail_call(struct bpf_sock_ops *skops);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {[0] = (void *)&by_tail_call},
};
#endif

static __attribute__((always_inline)) void count(void *map, __u64 what) {
	const __u32 key = 0;

	bpf_map_update_elem(map, &key, &what, BPF_ANY);
}

SEC("sockops")
int counts(struct bpf_sock_ops *skops) {
	if (skops->op == BPF_SOCK_OPS_VOID)
		return 0;
	count(&of_samples, 1);
	count(&of_tc, 2);
	count(&of_rust, 3);
	count(&of_old, 4);
#ifndef OLD_ONLY
	count(&of_today, 5);
	bpf_tail_call(skops, &steps, 0);
#endif
	return 1;
}
#ifndef OLD_ONLY
SEC("sockops")
int by_tail_call(struct bpf_sock_ops *skops) {
	count(&of_today, skops->op + 6);
	return 1;
}
#endif
