// SPDX-License-Identifier: MIT
// A record of 0 to 16 bytes.
#include "asked.h"

SEC("sockops")
int min_size(struct bpf_sock_ops* skops) {
	char buf[16] = {};
	__u32 n = skops->skb_len;
	if (n > sizeof buf)
		n = sizeof buf;
	bpf_ringbuf_output(&rb, buf, n, 0);
	return 1;
}
