// SPDX-License-Identifier: MIT
// An op is an enumerator and no macro: #ifndef finds none where there is one, and what was meant for old headers turns
// ACTIVE_ESTABLISHED_CB into another op, TIMEOUT_INIT.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#ifndef BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB
#define BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB 1
#endif

__u32 connections;

SEC("sockops")
int established(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		connections++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
