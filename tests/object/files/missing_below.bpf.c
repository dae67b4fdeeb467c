// SPDX-License-Identifier: MIT
// Reads a member that the library has not, in a subprogram and behind another.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct tcp_sock {
	unsigned int reordering;
} __attribute__((preserve_access_index));

static __attribute__((noinline)) unsigned int reordering_of(struct tcp_sock *tp, int more) {
	return tp->reordering + more;
}

SEC("sockops")
int missing_below(struct bpf_sock_ops *skops) {
	struct bpf_sock *sk = skops->sk;
	struct tcp_sock *tp = sk ? bpf_skc_to_tcp_sock(sk) : 0;

	return tp && reordering_of(tp, skops->op) == 3;
}
