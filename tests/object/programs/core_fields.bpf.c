// SPDX-License-Identifier: MIT
// Reads fields of the kernel's own struct tcp_sock. Only those are declared here that are read; where they
// are in the kernel that runs the program is found out when it is loaded (CO-RE).
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
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
	__u8 icsk_retransmits;
};
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 snd_cwnd;
	__u32 snd_ssthresh;
	__u32 mss_cache;
	__u32 window_clamp;
	__u32 no_such_field;
};
struct no_such_struct {
	int member;
};
#pragma clang attribute pop

struct call {
	__u32 op;
	__u32 port; // local
};
struct fields {
	__u32 calls;
	__u32 snd_cwnd, snd_ssthresh, mss_cache;
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

static void read_fields(struct bpf_sock_ops* skops, struct fields* to) {
	struct tcp_sock* tp = bpf_skc_to_tcp_sock(skops->sk);

	if (!tp) {
		to->without_socket++;
		return;
	}
	to->snd_cwnd = tp->snd_cwnd;
	to->snd_ssthresh = BPF_CORE_READ(tp, snd_ssthresh);
	to->mss_cache = BPF_CORE_READ(tp, mss_cache);
	if (to->snd_cwnd == skops->snd_cwnd && to->mss_cache == skops->mss_cache)
		to->same_as_context++;
	else
		to->other_than_context++;
	if (bpf_core_field_exists(tp->no_such_field))
		to->missing_field = tp->no_such_field;
	if (bpf_core_field_exists(tp->inet_conn.icsk_rto))
		to->present_field++;
}

SEC("sockops")
int core_fields(struct bpf_sock_ops* skops) {
	struct call call = {skops->op, skops->local_port};
	struct fields none = {}, *to;

	bpf_map_update_elem(&fields, &call, &none, BPF_NOEXIST);
	to = bpf_map_lookup_elem(&fields, &call);
	if (!to)
		return 1;
	to->calls++;
	if (bpf_core_type_exists(struct no_such_struct))
		to->missing_struct++;
	if (skops->sk)
		read_fields(skops, to);
	if (call.op == BPF_SOCK_OPS_TCP_CONNECT_CB || call.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
