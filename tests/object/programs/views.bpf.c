// SPDX-License-Identifier: MIT
// The socket by its two views, struct bpf_sock and struct bpf_tcp_sock, beside what the context says of it;
// and the fields that a program can change.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOL_SOCKET 1
#define SO_MARK 36

struct call {
	__u32 op;
	__u32 port; // local
};
struct view {
	__u32 calls, without_socket, without_tcp;
	__u32 family, type, protocol, state;
	__u32 src_port, dst_port; // host order
	__u32 same_addresses, same_numbers;
	__u32 mark_before, mark;
	__u32 txhash_written;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct call);
	__type(value, struct view);
} views SEC(".maps");

static void look_at_sock(struct bpf_sock_ops* skops, struct bpf_sock* sk, struct view* view) {
	view->family = sk->family;
	view->type = sk->type;
	view->protocol = sk->protocol;
	view->state = sk->state;
	view->src_port = sk->src_port;
	view->dst_port = bpf_ntohs(sk->dst_port);
	if (sk->src_ip4 == skops->local_ip4 && sk->dst_ip4 == skops->remote_ip4 &&
		sk->src_ip6[3] == skops->local_ip6[3])
		view->same_addresses++;
}

static void look_at_tcp(struct bpf_sock_ops* skops, struct bpf_tcp_sock* tp, struct view* view) {
	if (tp->snd_cwnd != skops->snd_cwnd || tp->srtt_us != skops->srtt_us || tp->rcv_nxt != skops->rcv_nxt)
		return;
	if (tp->snd_nxt != skops->snd_nxt || tp->snd_una != skops->snd_una || tp->mss_cache != skops->mss_cache)
		return;
	if (tp->segs_in != skops->segs_in || tp->bytes_acked != skops->bytes_acked)
		return;
	view->same_numbers++;
}

static void change(struct bpf_sock_ops* skops, struct bpf_sock* sk, struct view* view) {
	int mark = sk->mark + 3;

	view->mark_before = sk->mark;
	if (bpf_setsockopt(skops, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) == 0)
		view->mark = sk->mark;
	skops->sk_txhash = 0x1234;
	if (skops->sk_txhash == 0x1234)
		view->txhash_written++;
}

SEC("sockops")
int views_of_sockets(struct bpf_sock_ops* skops) {
	struct call call = {skops->op, skops->local_port};
	struct view none = {}, *view;
	struct bpf_sock* sk = skops->sk;
	struct bpf_tcp_sock* tp;

	bpf_map_update_elem(&views, &call, &none, BPF_NOEXIST);
	view = bpf_map_lookup_elem(&views, &call);
	if (!view)
		return 1;
	view->calls++;
	if (!sk) {
		view->without_socket++;
		return 1;
	}
	look_at_sock(skops, sk, view);
	tp = bpf_tcp_sock(sk);
	if (tp)
		look_at_tcp(skops, tp, view);
	else
		view->without_tcp++;
	if (call.op == BPF_SOCK_OPS_TCP_CONNECT_CB || call.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	if (call.op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB || call.op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		change(skops, sk, view);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
