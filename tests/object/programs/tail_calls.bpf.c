// SPDX-License-Identifier: MIT
// One program for each op, reached through an array of programs that is filled when the object is loaded.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

enum { ops = 32 };

int on_init(struct bpf_sock_ops* skops);
int on_connect(struct bpf_sock_ops* skops);
int on_established(struct bpf_sock_ops* skops);
int on_state(struct bpf_sock_ops* skops);
int in_circles(struct bpf_sock_ops* skops);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, ops);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct bpf_sock_ops*));
} by_op SEC(".maps") = {
	.values =
		{
			[BPF_SOCK_OPS_RWND_INIT] = (void*)&on_init,
			[BPF_SOCK_OPS_TCP_CONNECT_CB] = (void*)&on_connect,
			[BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB] = (void*)&on_established,
			[BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB] = (void*)&on_established,
			[BPF_SOCK_OPS_STATE_CB] = (void*)&on_state,
			[BPF_SOCK_OPS_TCP_LISTEN_CB] = (void*)&in_circles,
		},
};

__u64 inits, connects, established, states, circles, without_program;

SEC("sockops")
int on_init(struct bpf_sock_ops* skops) {
	inits++;
	skops->reply = 30;
	return 1;
}

SEC("sockops")
int on_connect(struct bpf_sock_ops* skops) {
	connects++;
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

SEC("sockops")
int on_established(struct bpf_sock_ops* skops) {
	established++;
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

SEC("sockops")
int on_state(struct bpf_sock_ops* skops) {
	states += skops->args[1];
	return 1;
}

/* Calls itself until the limit of tail calls ends it. */
SEC("sockops")
int in_circles(struct bpf_sock_ops* skops) {
	circles++;
	bpf_tail_call(skops, &by_op, skops->op);
	return 1;
}

SEC("sockops")
int tail_calls(struct bpf_sock_ops* skops) {
	bpf_tail_call(skops, &by_op, skops->op);
	without_program++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
