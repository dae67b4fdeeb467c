// SPDX-License-Identifier: MIT
// A record that one return forgets.
#include "asked.h"

SEC("sockops")
int early_return_leak(struct bpf_sock_ops* skops) {
	__u64* e = bpf_ringbuf_reserve(&rb, 8, 0);
	if (!e)
		return 1;
	if (skops->op != BPF_SOCK_OPS_STATE_CB)
		return 1;
	*e = skops->args[1];
	bpf_ringbuf_submit(e, 0);
	return 1;
}
