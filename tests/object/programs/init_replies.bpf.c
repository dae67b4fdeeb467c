// SPDX-License-Identifier: MIT
// Answers what TCP asks while a connection begins: how long to wait for the SYN-ACK, how large the first
// window is, and whether to use ECN.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

const volatile __u32 syn_timeout = 50;  // jiffies
const volatile __u32 first_window = 20; // packets
const volatile __u32 with_ecn = 1;

struct asked {
	__u64 timeout;
	__u64 window;
	__u64 ecn;
	__u64 for_requests;
};
struct asked asked;

SEC("sockops")
int init_replies(struct bpf_sock_ops* skops) {
	__u32 reply = -1;
	int is_asked = 1;

	switch (skops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		asked.timeout++;
		reply = syn_timeout;
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		asked.window++;
		reply = first_window;
		break;
	case BPF_SOCK_OPS_NEEDS_ECN:
		asked.ecn++;
		reply = with_ecn;
		break;
	default:
		is_asked = 0;
	}
	// In one place: a compiler that makes one store of several relocated ones moves the context's pointer for it,
	// which a verifier does not let pass.
	skops->reply = reply;
	if (is_asked && !skops->is_fullsock)
		asked.for_requests++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
