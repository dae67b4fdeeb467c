/* SPDX-License-Identifier: MIT */
/* What both programs do that write down each call of the sock_ops hook. */
#ifndef TRACE_CALL_BPF_H
#define TRACE_CALL_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "trace_record.h"

char _license[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace_control);
} control SEC(".maps");

static struct trace_control *find_control(void) {
	const __u32 zero = 0;
	return bpf_map_lookup_elem(&control, &zero);
}

/* In network order: the low half is 0. */
static __always_inline __u32 remote_port(struct bpf_sock_ops *ctx) { return bpf_ntohl(ctx->remote_port); }

/* The context's fields, and bpf_sock's, are read word by word. */
#define COPY_IP6(to, from) \
	((to)[0] = (from)[0], (to)[1] = (from)[1], (to)[2] = (from)[2], (to)[3] = (from)[3])

static __always_inline void write_ends(struct bpf_sock_ops *ctx, struct trace_record *call) {
	struct bpf_sock *sk = ctx->sk;
	call->ends.local_ip4 = ctx->local_ip4;
	call->ends.remote_ip4 = ctx->remote_ip4;
	COPY_IP6(call->ends.local_ip6, ctx->local_ip6);
	COPY_IP6(call->ends.remote_ip6, ctx->remote_ip6);
	call->ends.local_port = ctx->local_port;
	call->ends.remote_port = remote_port(ctx);
	__builtin_memset(&call->sock, 0, sizeof(call->sock));
	if (!sk)
		return;
	call->sock.local_ip4 = sk->src_ip4;
	call->sock.remote_ip4 = sk->dst_ip4;
	COPY_IP6(call->sock.local_ip6, sk->src_ip6);
	COPY_IP6(call->sock.remote_ip6, sk->dst_ip6);
	call->sock.local_port = sk->src_port;
	call->sock.remote_port = bpf_ntohs(sk->dst_port);
}

/* The ports of the TCP header, where there is one. */
static __always_inline __u32 segment_ports(struct bpf_sock_ops *ctx) {
	__be16 *data = ctx->skb_data, *end = ctx->skb_data_end;
	if (data + 2 > end)
		return 0;
	return (__u32)bpf_ntohs(data[0]) << 16 | bpf_ntohs(data[1]);
}

static __always_inline void write_down(struct bpf_sock_ops *ctx, struct trace_control *now, __u32 side) {
	struct trace_record *call = bpf_ringbuf_reserve(&records, sizeof(*call), 0);
	if (!call) {
		__sync_fetch_and_add(&now->lost, 1);
		return;
	}
	call->time_ns = bpf_ktime_get_ns();
	call->interval = now->interval;
	call->side = side;
	call->op = ctx->op;
	call->is_fullsock = ctx->is_fullsock;
	call->state = ctx->state;
	call->args[0] = ctx->args[0];
	call->args[1] = ctx->args[1];
	call->args[2] = ctx->args[2];
	call->args[3] = ctx->args[3];
	call->cb_flags = ctx->bpf_sock_ops_cb_flags;
	call->skb_len = ctx->skb_len;
	call->skb_tcp_flags = ctx->skb_tcp_flags;
	call->family = ctx->family;
	write_ends(ctx, call);
	call->segment_ports = segment_ports(ctx);
	call->snd_cwnd = ctx->snd_cwnd;
	call->srtt_us = ctx->srtt_us;
	call->snd_una = ctx->snd_una;
	call->snd_nxt = ctx->snd_nxt;
	bpf_ringbuf_submit(call, 0);
}

/* One option of kind 253 that fills what was reserved. */
static __always_inline void store_option(struct bpf_sock_ops *ctx, __u32 size) {
	__u8 option[40] = {253, 0, 0xeb, 0x9f};
	if (size < 4 || size > sizeof(option))
		return;
	option[1] = size;
	bpf_store_hdr_opt(ctx, option, size, 0);
}

static __always_inline void act(struct bpf_sock_ops *ctx, const struct trace_settings *settings) {
	const __u32 op = ctx->op;
	if (op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		if (settings->flags)
			bpf_sock_ops_cb_flags_set(ctx, settings->flags);
	for (int each = 0; each != trace_options; ++each) {
		const struct trace_option *option = &settings->option[each];
		int value = option->value;
		if (each < (int)settings->options && option->op == op)
			bpf_setsockopt(ctx, option->level, option->name, &value, sizeof(value));
	}
	if (settings->reserve && op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		bpf_reserve_hdr_opt(ctx, settings->reserve, 0);
	if (settings->reserve && op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB)
		store_option(ctx, settings->reserve);
	if (op < trace_ops && settings->replies & 1u << op)
		ctx->reply = settings->reply[op & (trace_ops - 1)];
}

static __always_inline int trace(struct bpf_sock_ops *ctx, __u32 side) {
	struct trace_control *now = find_control();
	if (!now || bpf_get_netns_cookie(ctx) != now->netns_cookie)
		return 1;
	write_down(ctx, now, side);
	act(ctx, &now->side[side]);
	return 1;
}

#endif
