// SPDX-License-Identifier: MIT
// Follows each send() on its way: when it was handed over, scheduled, sent and acknowledged (Linux 6.15).
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#define SOL_SOCKET 1
#define SK_BPF_CB_FLAGS 1009
#define SK_BPF_CB_TX_TIMESTAMPING 1
#define TSTAMP_SCHED_CB 16
#define TSTAMP_SND_SW_CB 17
#define TSTAMP_ACK_CB 19
#define TSTAMP_SENDMSG_CB 20

#ifndef VMLINUX_H
/* Only the name matters: a declaration without a body would not match the kernel's. */
struct bpf_sock_ops_kern {
	__u32 unused;
};
#endif
extern void* bpf_cast_to_kern_ctx(void* ctx) __ksym;
extern int bpf_sock_ops_enable_tx_tstamp(struct bpf_sock_ops_kern* skops, __u64 flags) __ksym;

struct steps {
	__u32 sent, sampled, scheduled, left, acknowledged;
	__s32 turned_on, flags_set_later;
	__u32 read_back;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, struct steps);
} steps SEC(".maps");

static struct steps* steps_of(__u32 port) {
	struct steps none = {};

	bpf_map_update_elem(&steps, &port, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&steps, &port);
}

static void turn_on(struct bpf_sock_ops* skops, struct steps* of) {
	int flags = SK_BPF_CB_TX_TIMESTAMPING, now = 0;

	of->turned_on = bpf_setsockopt(skops, SOL_SOCKET, SK_BPF_CB_FLAGS, &flags, sizeof(flags));
	bpf_getsockopt(skops, SOL_SOCKET, SK_BPF_CB_FLAGS, &now, sizeof(now));
	of->read_back = now;
}

SEC("sockops")
int sends(struct bpf_sock_ops* skops) {
	struct steps* of = steps_of(skops->local_port);

	if (!of)
		return 1;
	switch (skops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		turn_on(skops, of);
		break;
	case TSTAMP_SENDMSG_CB:
		of->sent++;
		if (bpf_sock_ops_enable_tx_tstamp(bpf_cast_to_kern_ctx(skops), 0) == 0)
			of->sampled++;
		break;
	case TSTAMP_SCHED_CB:
		of->scheduled++;
		of->flags_set_later = bpf_sock_ops_cb_flags_set(skops, 1);
		break;
	case TSTAMP_SND_SW_CB:
		of->left++;
		break;
	case TSTAMP_ACK_CB:
		of->acknowledged++;
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
