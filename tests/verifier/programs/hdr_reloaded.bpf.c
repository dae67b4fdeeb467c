// SPDX-License-Identifier: MIT
// A header's field, behind a test of another load; a compiler merges them.
#include "asked.h"

#include <linux/tcp.h>

__u32 w;

SEC("sockops")
int hdr_reloaded(struct bpf_sock_ops* skops) {
	if (skops->op != BPF_SOCK_OPS_PARSE_HDR_OPT_CB)
		return 1;
	if (skops->skb_data + sizeof(struct tcphdr) > skops->skb_data_end)
		return 1;
	struct tcphdr* t = skops->skb_data;
	w = t->window;
	return 1;
}
