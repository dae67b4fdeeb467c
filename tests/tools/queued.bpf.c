// SPDX-License-Identifier: MIT
// Keeps the last ops in a queue, and states on a stack until the connection is established.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct call {
	__u32 op, state;
};
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 3);
	__type(value, struct call);
} calls SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 8);
	__type(value, __u32);
} states SEC(".maps");

SEC("sockops")
int queued(struct bpf_sock_ops* skops) {
	struct call call = {skops->op, skops->state};
	__u32 state = skops->state;

	bpf_map_push_elem(&calls, &call, BPF_EXIST);
	if (skops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_map_push_elem(&states, &state, BPF_ANY);
	else
		for (int i = 0; i != 8; i++)
			bpf_map_pop_elem(&states, &state);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
