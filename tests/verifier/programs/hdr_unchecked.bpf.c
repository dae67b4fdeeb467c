// SPDX-License-Identifier: MIT
// A header's field, whose packet's end nobody looked at.
#include "asked.h"

#include <linux/tcp.h>

__u32 w;

SEC("sockops")
int hdr_unchecked(struct bpf_sock_ops* skops) {
	if (skops->op != BPF_SOCK_OPS_PARSE_HDR_OPT_CB)
		return 1;
	struct tcphdr* t = skops->skb_data;
	w = t->window;
	return 1;
}
