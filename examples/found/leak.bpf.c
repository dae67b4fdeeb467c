// SPDX-License-Identifier: MIT
// A connection is entered when it begins and taken out when it leaves ESTABLISHED: one that is refused never was there.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); // the socket's cookie
	__type(value, __u32);
} open SEC(".maps");

__u32 entered, taken_out;

SEC("sockops")
int connections(struct bpf_sock_ops* skops) {
	__u64 cookie = bpf_get_socket_cookie(skops);
	__u32 port = skops->local_port;

	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
		bpf_map_update_elem(&open, &cookie, &port, BPF_ANY);
		entered++;
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_STATE_CB_FLAG);
	}
	if (skops->op == BPF_SOCK_OPS_STATE_CB && skops->args[0] == BPF_TCP_ESTABLISHED) {
		bpf_map_delete_elem(&open, &cookie);
		taken_out++;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
