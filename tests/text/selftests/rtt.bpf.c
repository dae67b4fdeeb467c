// SPDX-License-Identifier: MIT
// Of each connection that is begun here: how often its round trip was measured, and what was delivered by then.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct measured {
	__u32 times, delivered, delivered_ce, dsack_dups, retransmits;
};
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct measured);
} measured SEC(".maps");

SEC("sockops")
int rtt(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	struct bpf_tcp_sock* tp;
	struct measured* m;

	if (!sk)
		return 1;
	m = bpf_sk_storage_get(&measured, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!m)
		return 1;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG);
	if (skops->op != BPF_SOCK_OPS_RTT_CB)
		return 1;
	tp = bpf_tcp_sock(sk);
	if (!tp)
		return 1;
	m->times++;
	m->delivered = tp->delivered;
	m->delivered_ce = tp->delivered_ce;
	m->dsack_dups = tp->dsack_dups;
	m->retransmits = tp->icsk_retransmits;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
