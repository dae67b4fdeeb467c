// SPDX-License-Identifier: MIT
// Reads a member that the library has not, in one op alone.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct tcp_sock {
	unsigned int reordering;
} __attribute__((preserve_access_index));

__u32 seen;

SEC("sockops")
int missing_behind(struct bpf_sock_ops *skops) {
	struct tcp_sock *tp;

	if (skops->op != BPF_SOCK_OPS_RTT_CB) {
		seen++;
		return 1;
	}
	tp = skops->sk ? bpf_skc_to_tcp_sock(skops->sk) : 0;
	if (tp)
		seen = BPF_CORE_READ(tp, reordering);
	return 1;
}
