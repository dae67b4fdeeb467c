// SPDX-License-Identifier: MIT
// Enters a connection by where it goes, and takes it out when it is closed.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

struct flow {
	__u32 remote_ip4, remote_port;
	__u8 family; // and three bytes that no member has
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct flow);
	__type(value, __u32);
} open_flows SEC(".maps");
__u32 entered, taken_out, not_there;

static __noinline void tune(struct bpf_sock_ops* skops) {
	__u32 rto_min_us = 20000;

	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_RTO_MIN, &rto_min_us, sizeof(rto_min_us));
}

static __noinline void enter(struct bpf_sock_ops* skops) {
	struct flow flow;
	__u32 one = 1;

	flow.remote_ip4 = skops->remote_ip4;
	flow.remote_port = skops->remote_port;
	flow.family = skops->family;
	if (bpf_map_update_elem(&open_flows, &flow, &one, BPF_ANY) == 0)
		entered++;
}

static __noinline void report(struct bpf_sock_ops* skops) {
	char format[] = "%u retransmits";

	bpf_trace_printk(format, sizeof(format), skops->total_retrans);
}

static __noinline void take_out(struct bpf_sock_ops* skops) {
	struct flow flow;

	flow.remote_ip4 = skops->remote_ip4;
	flow.remote_port = skops->remote_port;
	flow.family = skops->family;
	if (bpf_map_delete_elem(&open_flows, &flow) == 0)
		taken_out++;
	else
		not_there++;
}

SEC("sockops")
int flows(struct bpf_sock_ops* skops) {
	switch (skops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		tune(skops);
		enter(skops);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (skops->args[1] != BPF_TCP_CLOSE)
			break;
		report(skops);
		take_out(skops);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
