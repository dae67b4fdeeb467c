// SPDX-License-Identifier: MIT
// A header's field, behind a test.
#include "asked.h"

#include <linux/tcp.h>

__u32 w;

SEC("sockops")
int hdr_checked(struct bpf_sock_ops* skops) {
	if (skops->op != BPF_SOCK_OPS_PARSE_HDR_OPT_CB)
		return 1;
	struct tcphdr* t = skops->skb_data;
	if ((void*)(t + 1) > skops->skb_data_end)
		return 1;
	w = t->window;
	return 1;
}
