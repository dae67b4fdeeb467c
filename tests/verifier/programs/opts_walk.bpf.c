// SPDX-License-Identifier: MIT
// A walk through the options of a header.
#include "asked.h"

#include <linux/tcp.h>

__u32 mss;

SEC("sockops")
int opts_walk(struct bpf_sock_ops* skops) {
	if (skops->op != BPF_SOCK_OPS_PARSE_HDR_OPT_CB)
		return 1;
	__u8 *d = skops->skb_data, *end = skops->skb_data_end;
	struct tcphdr* t = (void*)d;
	if (d + sizeof *t > end)
		return 1;
	__u32 off = sizeof *t, len = t->doff * 4;
#pragma clang loop unroll(disable)
	for (int i = 0; i < 10; i++) {
		if (off >= len || off > 60)
			break;
		__u8* o = d + off;
		if (o + 2 > end)
			break;
		if (o[0] == 0)
			break;
		if (o[0] == 1) {
			off++;
			continue;
		}
		if (o[0] == 2 && o + 4 <= end)
			mss = o[2] << 8 | o[3];
		if (o[1] < 2)
			break;
		off += o[1];
	}
	return 1;
}
