// SPDX-License-Identifier: MIT
// A value of 0 to 16 bytes, of which 0 are refused.
#include "asked.h"

SEC("sockops")
int min_size_setopt(struct bpf_sock_ops* skops) {
	char buf[16] = {};
	__u32 n = skops->skb_len;
	if (n > sizeof buf)
		n = sizeof buf;
	bpf_setsockopt(skops, 6, 13, buf, n);
	return 1;
}
