// SPDX-License-Identifier: MIT
// Reports changes of state through a ring buffer: those to CLOSE as a copy, those of listeners not at all,
// the rest in place.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct change {
	__u64 time_ns;
	__u32 number;
	__u32 local_port, remote_port; // host order
	__u32 seen_state;
	__u8 from, to;
	__u8 copied;
};
const struct change* type_of_records; // so that the type is known to who reads them

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} changes SEC(".maps");

__u32 reported, discarded, lost;

static __always_inline void describe(struct bpf_sock_ops* skops, struct change* change) {
	change->time_ns = bpf_ktime_get_ns();
	change->number = reported;
	change->local_port = skops->local_port;
	change->remote_port = bpf_ntohl(skops->remote_port);
	change->seen_state = skops->state;
	change->from = skops->args[0];
	change->to = skops->args[1];
}

static void report_copy(struct bpf_sock_ops* skops) {
	struct change change = {};

	describe(skops, &change);
	change.copied = 1;
	if (bpf_ringbuf_output(&changes, &change, sizeof(change), BPF_RB_FORCE_WAKEUP))
		lost++;
	else
		reported++;
}

static void report(struct bpf_sock_ops* skops) {
	struct change* change = bpf_ringbuf_reserve(&changes, sizeof(*change), 0);

	if (!change) {
		lost++;
		return;
	}
	__builtin_memset(change, 0, sizeof(*change)); // padding, too, goes to the reader
	describe(skops, change);
	if (skops->args[0] == BPF_TCP_LISTEN) {
		discarded++;
		bpf_ringbuf_discard(change, 0);
		return;
	}
	reported++;
	bpf_ringbuf_submit(change, BPF_RB_NO_WAKEUP);
}

SEC("sockops")
int state_ringbuf(struct bpf_sock_ops* skops) {
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (skops->args[1] == BPF_TCP_CLOSE && skops->args[0] != BPF_TCP_LISTEN)
			report_copy(skops);
		else
			report(skops);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
