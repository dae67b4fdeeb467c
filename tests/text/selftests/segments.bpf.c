// SPDX-License-Identifier: MIT
// What kinds of segments a client sends: each gets an option, and is looked at when that is written.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define FIN 1
#define SYN 2

__u32 syns, with_data, bare_acks, fins;

static void count(struct bpf_sock_ops* skops) {
	const __u8* bytes = skops->skb_data;

	if (bytes + 20 > (const __u8*)skops->skb_data_end)
		return;
	if (skops->skb_tcp_flags & SYN)
		syns++;
	else if (skops->skb_tcp_flags & FIN)
		fins++;
	else if (skops->skb_len > (bytes[12] >> 4) * 4u)
		with_data++;
	else
		bare_acks++;
}

SEC("sockops")
int segments(struct bpf_sock_ops* skops) {
	__u8 option[4] = {253, 4, 0x12, 0x34};

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		bpf_reserve_hdr_opt(skops, sizeof(option), 0);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		if (bpf_store_hdr_opt(skops, option, sizeof(option), 0) == 0)
			count(skops);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
