// SPDX-License-Identifier: MIT
// Counts the calls of each op on each CPU, with all callbacks turned on.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

enum { ops = 32 };

struct count {
	__u64 calls;
	__u64 full_sockets;
	__u64 with_segment;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ops);
	__type(key, __u32);
	__type(value, struct count);
} counts SEC(".maps");

SEC("sockops")
int op_counts(struct bpf_sock_ops* skops) {
	__u32 op = skops->op;
	struct count* count = bpf_map_lookup_elem(&counts, &op);

	if (!count)
		return 1;
	count->calls++;
	if (skops->sk)
		count->full_sockets++;
	if (skops->skb_len)
		count->with_segment++;
	if (op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_ALL_CB_FLAGS);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
