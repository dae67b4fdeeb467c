// SPDX-License-Identifier: MIT
// Values of sockets, and one with a lock in it.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct counted {
	__u32 calls;
	struct bpf_spin_lock lock;
	__u32 last_op;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} per_socket SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counted);
} locked SEC(".maps");

SEC("sockops")
int storage(struct bpf_sock_ops *skops) {
	const __u32 zero = 0;
	struct bpf_sock *sk = skops->sk;
	struct counted *value = bpf_map_lookup_elem(&locked, &zero);
	__u64 *mine;

	if (!sk || !value)
		return 1;
	mine = bpf_sk_storage_get(&per_socket, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (mine)
		++*mine;
	bpf_spin_lock(&value->lock);
	++value->calls;
	value->last_op = skops->op;
	bpf_spin_unlock(&value->lock);
	return 1;
}
