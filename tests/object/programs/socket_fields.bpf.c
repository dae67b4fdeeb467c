// SPDX-License-Identifier: MIT
// Every field of struct bpf_sock and struct bpf_tcp_sock, as it is in each call.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct call {
	__u32 op;
	__u32 port;   // local
	__u32 number; // of those with this op and port
};
struct fields {
	__u32 bound_dev_if, family, type, protocol, mark, priority;
	__u32 src_ip4, src_ip6[4], src_port, dst_port, dst_ip4, dst_ip6[4], state;
	__s32 rx_queue_mapping;
	__u32 snd_cwnd, snd_ssthresh, mss_cache, ecn_flags, packets_out, retrans_out, total_retrans;
	__u32 segs_in, data_segs_in, segs_out, data_segs_out, lost_out, sacked_out;
	__u64 bytes_received, bytes_acked;
	__u32 dsack_dups, delivered, delivered_ce, icsk_retransmits;
	__u32 unacknowledged;				// snd_nxt - snd_una
	__u32 srtt_us, rtt_min, rate_delivered, rate_interval_us; // is there one? (rtt_min: 2 as if infinite)
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, struct call);
	__type(value, struct fields);
} seen SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 128);
	__type(key, struct call);
	__type(value, __u32);
} numbers SEC(".maps");

static __u32 next_number(struct call call) {
	__u32 first = 1, *number = bpf_map_lookup_elem(&numbers, &call);

	if (!number) {
		bpf_map_update_elem(&numbers, &call, &first, BPF_ANY);
		return 0;
	}
	return (*number)++;
}

/// Word by word, each from the pointer itself: a verifier lets no one count along it.
#define take_word(to, sk, field, at)                                                                         \
	do {                                                                                                     \
		struct bpf_sock *same = sk;                                                                          \
		barrier_var(same);                                                                                   \
		(to)->field[at] = same->field[at];                                                                   \
	} while (0)
#define take_address(to, sk, field)                                                                          \
	do {                                                                                                     \
		take_word(to, sk, field, 0);                                                                         \
		take_word(to, sk, field, 1);                                                                         \
		take_word(to, sk, field, 2);                                                                         \
		take_word(to, sk, field, 3);                                                                         \
	} while (0)

static void take_sock(struct bpf_sock *sk, struct fields *to) {
	to->bound_dev_if = sk->bound_dev_if;
	to->family = sk->family;
	to->type = sk->type;
	to->protocol = sk->protocol;
	to->mark = sk->mark;
	to->priority = sk->priority;
	to->src_ip4 = sk->src_ip4;
	to->dst_ip4 = sk->dst_ip4;
	take_address(to, sk, src_ip6);
	take_address(to, sk, dst_ip6);
	to->src_port = sk->src_port;
	to->dst_port = sk->dst_port;
	to->state = sk->state;
	to->rx_queue_mapping = sk->rx_queue_mapping;
}

static void take_tcp(struct bpf_tcp_sock *tp, struct fields *to) {
	to->snd_cwnd = tp->snd_cwnd;
	to->snd_ssthresh = tp->snd_ssthresh;
	to->mss_cache = tp->mss_cache;
	to->ecn_flags = tp->ecn_flags;
	to->packets_out = tp->packets_out;
	to->retrans_out = tp->retrans_out;
	to->total_retrans = tp->total_retrans;
	to->segs_in = tp->segs_in;
	to->data_segs_in = tp->data_segs_in;
	to->segs_out = tp->segs_out;
	to->data_segs_out = tp->data_segs_out;
	to->lost_out = tp->lost_out;
	to->sacked_out = tp->sacked_out;
	to->bytes_received = tp->bytes_received;
	to->bytes_acked = tp->bytes_acked;
	to->dsack_dups = tp->dsack_dups;
	to->delivered = tp->delivered;
	to->delivered_ce = tp->delivered_ce;
	to->icsk_retransmits = tp->icsk_retransmits;
	to->unacknowledged = tp->snd_nxt - tp->snd_una;
	to->srtt_us = tp->srtt_us != 0;
	to->rtt_min = tp->rtt_min == 0 ? 0 : tp->rtt_min == ~0u ? 2 : 1;
	to->rate_delivered = tp->rate_delivered;
	to->rate_interval_us = tp->rate_interval_us != 0;
}

SEC("sockops")
int socket_fields(struct bpf_sock_ops *skops) {
	struct bpf_sock *sk = skops->sk;
	struct bpf_tcp_sock *tp = sk ? bpf_tcp_sock(sk) : 0;
	struct call call = {skops->op, skops->local_port, 0};
	struct fields fields = {};

	if (!tp)
		return 1;
	call.number = next_number(call);
	take_sock(sk, &fields);
	take_tcp(tp, &fields);
	bpf_map_update_elem(&seen, &call, &fields, BPF_ANY);
	if (call.op == BPF_SOCK_OPS_TCP_CONNECT_CB || call.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG |
											 BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
