// SPDX-License-Identifier: MIT
// Chooses the congestion control of established connections, and says what the base round trip time is,
// should it ask.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

const volatile __u32 base_rtt_us = 80;
const volatile __u32 wants_nv = 0; // which asks for it; stock kernels have none

struct choice {
	__s32 cubic, unknown, forbidden, too_short, nv, back;
	char after_cubic[16], at_last[16];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, struct choice);
} choices SEC(".maps");

__u32 asked_for_base_rtt;

static int use(struct bpf_sock_ops* skops, const char* name, int length) {
	return bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, (void*)name, length);
}

static void choose(struct bpf_sock_ops* skops) {
	char cubic[] = "cubic", unknown[] = "nosuch", forbidden[] = "cdg", nv[] = "nv", reno[] = "reno";
	struct choice choice = {};
	__u32 port = skops->local_port;

	choice.cubic = use(skops, cubic, sizeof(cubic));
	bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, choice.after_cubic, sizeof(choice.after_cubic));
	choice.unknown = use(skops, unknown, sizeof(unknown));
	choice.forbidden = use(skops, forbidden, sizeof(forbidden));
	choice.too_short = use(skops, cubic, 1);
	choice.back = use(skops, reno, sizeof(reno));
	if (wants_nv)
		choice.nv = use(skops, nv, sizeof(nv));
	bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, choice.at_last, sizeof(choice.at_last));
	bpf_map_update_elem(&choices, &port, &choice, BPF_ANY);
}

SEC("sockops")
int congestion(struct bpf_sock_ops* skops) {
	__u32 op = skops->op, reply = base_rtt_us;

	if (op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		choose(skops);
		reply = 1;
	} else if (op == BPF_SOCK_OPS_BASE_RTT) {
		asked_for_base_rtt++;
	} else {
		return 1;
	}
	skops->reply = reply; // in one place, for verifiers: see init_replies.bpf.c
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
