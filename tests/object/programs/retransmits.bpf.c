// SPDX-License-Identifier: MIT
// Books on what was lost: each timeout and each retransmission, by port, with the worst of both.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct losses {
	__u32 timeouts, expired, longest_rto; // jiffies
	__u32 most_in_a_row;
	__u32 retransmissions, segments, failed;
	__u32 total_retrans; // as the socket counts
	__u32 while_connecting;
	__u32 gave_up;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, struct losses);
} losses SEC(".maps");

static void on_timeout(struct bpf_sock_ops* skops, struct losses* of) {
	__u32 in_a_row = skops->args[0] + 1, rto = skops->args[1];

	of->timeouts++;
	if (in_a_row > of->most_in_a_row)
		of->most_in_a_row = in_a_row;
	if (rto > of->longest_rto)
		of->longest_rto = rto;
	if (skops->args[2])
		of->expired++;
	if (skops->state == BPF_TCP_SYN_SENT)
		of->while_connecting++;
}

static void on_retransmission(struct bpf_sock_ops* skops, struct losses* of) {
	of->retransmissions++;
	of->segments += skops->args[1];
	if (skops->args[2])
		of->failed++;
	of->total_retrans = skops->total_retrans;
}

SEC("sockops")
int retransmits(struct bpf_sock_ops* skops) {
	__u32 port = skops->local_port;
	struct losses none = {}, *of = bpf_map_lookup_elem(&losses, &port);

	if (!of) {
		bpf_map_update_elem(&losses, &port, &none, BPF_NOEXIST);
		of = bpf_map_lookup_elem(&losses, &port);
	}
	if (!of)
		return 1;
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG |
											 BPF_SOCK_OPS_STATE_CB_FLAG);
		break;
	case BPF_SOCK_OPS_RTO_CB:
		on_timeout(skops, of);
		break;
	case BPF_SOCK_OPS_RETRANS_CB:
		on_retransmission(skops, of);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (skops->args[0] == BPF_TCP_SYN_SENT && skops->args[1] == BPF_TCP_CLOSE)
			of->gave_up++;
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
