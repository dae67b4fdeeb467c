// SPDX-License-Identifier: MIT
// A record that depends on the op, asked for twice.
#include "asked.h"

SEC("sockops")
int op_twice(struct bpf_sock_ops* skops) {
	__u64* e = 0;
	if (skops->op == BPF_SOCK_OPS_STATE_CB)
		e = bpf_ringbuf_reserve(&rb, 8, 0);
	if (skops->op == BPF_SOCK_OPS_STATE_CB) {
		*e = 1;
		bpf_ringbuf_submit(e, 0);
	}
	return 1;
}
