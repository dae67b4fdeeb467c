// SPDX-License-Identifier: MIT
// Reads members of the kernel's own sockets. Where they are in the kernel that runs the program is found out when
// it is loaded (CO-RE). Without a vmlinux.h only those are declared here that are read.
#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#ifndef VMLINUX_H
struct sock_common {
	unsigned short skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
};
struct sock {
	struct sock_common __sk_common;
	int sk_sndbuf;
};
struct inet_sock {
	struct sock sk;
};
struct inet_connection_sock {
	struct inet_sock icsk_inet;
	__u32 icsk_rto;
	__u32 icsk_rto_min;
	__u8 icsk_retransmits;
	__u8 icsk_backoff;
};
struct minmax_sample {
	__u32 t, v;
};
struct minmax {
	struct minmax_sample s[3];
};
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 snd_cwnd;
	__u32 snd_ssthresh;
	__u32 mss_cache;
	__u32 window_clamp;
	__u32 data_segs_out;
	__u64 bytes_acked;
	__u8 nonagle : 4;
	__u8 save_syn : 2;
	struct minmax rtt_min;
};
#endif
struct tcp_sock___other {
	__u32 no_such_field;
};
struct no_such_struct {
	struct sock *sk;
};
#pragma clang attribute pop

struct call {
	__u32 op;
	__u32 port; // local
};
struct fields {
	__u32 calls;
	__u32 snd_cwnd, snd_ssthresh, mss_cache, family, state, number;
	__u32 retransmits, backoff, nonagle, save_syn, data_segs_out;
	__u64 bytes_acked;
	__u32 same_as_context;
	__u32 other_than_context;
	__u32 missing_field, missing_struct, present_field;
	__u32 without_socket;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct call);
	__type(value, struct fields);
} fields SEC(".maps");

static void read_connection(struct tcp_sock* tp, struct fields* to) {
	struct sock_common* common = &tp->inet_conn.icsk_inet.sk.__sk_common;

	to->family = BPF_CORE_READ(common, skc_family);
	to->state = common->skc_state;
	to->number = common->skc_num != 0;
	to->retransmits = tp->inet_conn.icsk_retransmits;
	to->backoff = BPF_CORE_READ(tp, inet_conn.icsk_backoff);
	to->nonagle = BPF_CORE_READ_BITFIELD(tp, nonagle);
	to->save_syn = BPF_CORE_READ_BITFIELD_PROBED(tp, save_syn);
	to->data_segs_out = tp->data_segs_out;
	to->bytes_acked = tp->bytes_acked;
}

static void read_fields(struct bpf_sock_ops* skops, struct bpf_sock* sk, struct fields* to) {
	struct tcp_sock* tp = bpf_skc_to_tcp_sock(sk);

	if (!tp) {
		to->without_socket++;
		return;
	}
	to->snd_cwnd = tp->snd_cwnd;
	to->snd_ssthresh = BPF_CORE_READ(tp, snd_ssthresh);
	to->mss_cache = BPF_CORE_READ(tp, mss_cache);
	if (to->snd_cwnd == skops->snd_cwnd && to->mss_cache == skops->mss_cache &&
		tp->rtt_min.s[0].v == skops->rtt_min && tp->bytes_acked == skops->bytes_acked)
		to->same_as_context++;
	else
		to->other_than_context++;
	if (bpf_core_field_exists(((struct tcp_sock___other*)tp)->no_such_field))
		to->missing_field = ((struct tcp_sock___other*)tp)->no_such_field;
	if (bpf_core_field_exists(tp->inet_conn.icsk_rto))
		to->present_field++;
	read_connection(tp, to);
}

SEC("sockops")
int core_fields(struct bpf_sock_ops* skops) {
	struct call call = {skops->op, skops->local_port};
	struct fields none = {}, *to;
	struct bpf_sock* sk = skops->sk; // once: a second read is another value to a verifier

	bpf_map_update_elem(&fields, &call, &none, BPF_NOEXIST);
	to = bpf_map_lookup_elem(&fields, &call);
	if (!to)
		return 1;
	to->calls++;
	if (bpf_core_type_exists(struct no_such_struct))
		to->missing_struct++;
	if (sk)
		read_fields(skops, sk, to);
	if (call.op == BPF_SOCK_OPS_TCP_CONNECT_CB || call.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
