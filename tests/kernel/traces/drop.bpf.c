// SPDX-License-Identifier: MIT
// Loses TCP packets where they arrive (clsact ingress), so that the sender does not notice.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "drop_rules.h"

char _license[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct drop_rules);
} rules SEC(".maps");

/* Where the TCP header begins, and how many bytes are there from then on; 0 if it is not TCP. */
static __always_inline __u32 find_tcp(struct __sk_buff *skb, __u32 *size) {
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr ip;
		if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.protocol != IPPROTO_TCP)
			return 0;
		*size = bpf_ntohs(ip.tot_len) - ip.ihl * 4;
		return ETH_HLEN + ip.ihl * 4;
	}
	if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr ip;
		if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.nexthdr != IPPROTO_TCP)
			return 0;
		*size = bpf_ntohs(ip.payload_len);
		return ETH_HLEN + sizeof(ip);
	}
	return 0;
}

static __always_inline enum drop_kind kind_of(const struct tcphdr *tcp, __u32 payload) {
	if (tcp->rst)
		return drop_rst;
	if (tcp->syn)
		return tcp->ack ? drop_synack : drop_syn;
	if (tcp->fin)
		return drop_fin;
	return payload ? drop_data : drop_ack;
}

/* 1 if this packet is one to lose. */
static __always_inline int count(struct drop_rule *rule) {
	if (!rule->drop)
		return 0;
	if (rule->pass) {
		--rule->pass;
		return 0;
	}
	if (rule->drop != ~0u)
		--rule->drop;
	return 1;
}

SEC("tc") int drop_at_ingress(struct __sk_buff *skb) {
	const __u32 zero = 0;
	struct drop_rules *now = bpf_map_lookup_elem(&rules, &zero);
	struct tcphdr tcp;
	__u32 size = 0;
	const __u32 at = find_tcp(skb, &size);
	if (!now || !at || bpf_skb_load_bytes(skb, at, &tcp, sizeof(tcp)))
		return TC_ACT_OK;
	const __u32 side = bpf_ntohs(tcp.source) == now->server_port;
	const int one = count(&now->of[side][kind_of(&tcp, size - tcp.doff * 4)]);
	const int any = count(&now->of[side][drop_any]);
	if (!one && !any)
		return TC_ACT_OK;
	++now->dropped;
	return TC_ACT_SHOT;
}
