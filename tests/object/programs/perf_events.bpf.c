// SPDX-License-Identifier: MIT
// Reports established connections and retransmissions through perf event buffers, one for each CPU.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 op;
	__u32 family;
	__u32 local_port, remote_port; // host order
	__u32 state;
	__u32 segments; // retransmitted
	__s32 error;
	__u32 mss;
};
const struct event* type_of_records; // so that the type is known to who reads them

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, int);
	__type(value, int);
} events SEC(".maps");

__u32 sent, not_sent;
__s32 wrong_flags;

SEC("sockops")
int perf_events(struct bpf_sock_ops* skops) {
	struct event event = {.op = skops->op};

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RETRANS_CB_FLAG);
		return 1;
	case BPF_SOCK_OPS_RETRANS_CB:
		event.segments = skops->args[1];
		event.error = skops->args[2];
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		break;
	default:
		return 1;
	}
	event.family = skops->family;
	event.local_port = skops->local_port;
	event.remote_port = bpf_ntohl(skops->remote_port);
	event.state = skops->state;
	event.mss = skops->mss_cache;
	wrong_flags = bpf_perf_event_output(skops, &events, 1ULL << 40, &event, sizeof(event));
	if (bpf_perf_event_output(skops, &events, BPF_F_CURRENT_CPU, &event, sizeof(event)) == 0)
		sent++;
	else
		not_sent++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
