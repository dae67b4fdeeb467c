// SPDX-License-Identifier: MIT
// Reads a member that the library has not, without asking.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct tcp_sock {
	unsigned int reordering;
} __attribute__((preserve_access_index));

SEC("sockops/first")
int missing(struct bpf_sock_ops *skops) {
	struct bpf_sock *sk = skops->sk;
	struct tcp_sock *tp = sk ? bpf_skc_to_tcp_sock(sk) : 0;

	return tp && tp->reordering + skops->op == 3;
}
