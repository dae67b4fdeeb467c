// SPDX-License-Identifier: MIT
// Enters established sockets into a SOCKHASH by their ports and into a SOCKMAP by their side, as programs do
// that redirect between sockets of one machine.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct ports {
	__u32 local, remote; // host order
};
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 128);
	__type(key, struct ports);
	__type(value, __u64);
} by_ports SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} by_side SEC(".maps");

struct answers {
	__s32 into_hash, into_hash_again, into_map, beyond_map, in_wrong_op, deleted;
	__u32 calls;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32); // by op
	__type(key, __u32);
	__type(value, struct answers);
} answers SEC(".maps");

static void enter(struct bpf_sock_ops* skops, struct answers* got, __u32 side) {
	struct ports ports = {skops->local_port, bpf_ntohl(skops->remote_port)};
	__u32 beyond = 4;

	got->into_hash = bpf_sock_hash_update(skops, &by_ports, &ports, BPF_NOEXIST);
	got->into_hash_again = bpf_sock_hash_update(skops, &by_ports, &ports, BPF_NOEXIST);
	got->into_map = bpf_sock_map_update(skops, &by_side, &side, BPF_ANY);
	got->beyond_map = bpf_sock_map_update(skops, &by_side, &beyond, BPF_ANY);
}

SEC("sockops")
int sock_maps(struct bpf_sock_ops* skops) {
	__u32 op = skops->op, third = 3;
	struct answers* got = bpf_map_lookup_elem(&answers, &op);

	if (!got)
		return 1;
	got->calls++;
	switch (op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		enter(skops, got, 0);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		enter(skops, got, 1);
		break;
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		enter(skops, got, 2);
		got->deleted = bpf_map_delete_elem(&by_side, &third);
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		got->in_wrong_op = bpf_sock_map_update(skops, &by_side, &third, BPF_ANY);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
