// SPDX-License-Identifier: MIT
// One of each that sockops-run can show: replies, flags, options (one refused), lines, values of sockets and of
// maps, a record, and a program that denies.
#include <linux/bpf.h>
#include <linux/tcp.h>

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

const volatile __u32 first_window = 20;
const volatile struct {
	__u32 clamp;
	__s32 offsets[2];
	char greeting[8];
} settings = {.clamp = 30, .greeting = "hello"};
__u32 connections;

struct peer {
	__u16 port;
	__u8 active;
};
struct seen {
	__u32 calls;
	struct {
		__u32 first, last;
	} op;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct peer);
	__type(value, struct seen);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} entered SEC(".maps"); // by state

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} changes SEC(".maps");

struct change {
	__u8 from, to;
};
const struct change* change_for_btf; // what only a local variable has is left out of BTF
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

static void open(struct bpf_sock_ops* skops) {
	int clamp = settings.clamp, none = 0;
	char name[] = "dctcp2";

	connections++;
	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_SNDCWND_CLAMP, &clamp, sizeof(clamp));
	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_IW, &none, sizeof(none));
	bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, name, sizeof(name));
	bpf_printk("%s to port %d", (const char*)settings.greeting, skops->local_port);
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
}

static void count(struct bpf_sock_ops* skops) {
	struct peer key = {.port = skops->local_port, .active = skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB};
	struct seen fresh = {.calls = 1, .op = {skops->op, skops->op}}, *old = bpf_map_lookup_elem(&seen, &key);

	if (!old) {
		bpf_map_update_elem(&seen, &key, &fresh, BPF_ANY);
		return;
	}
	old->calls++;
	old->op.last = skops->op;
}

static void changed(struct bpf_sock_ops* skops) {
	struct change change = {.from = skops->args[0], .to = skops->args[1]};
	__u32 to = skops->args[1], *mine;
	__u64* times = bpf_map_lookup_elem(&entered, &to);

	if (times)
		++*times;
	if (skops->sk && (mine = bpf_sk_storage_get(&changes, skops->sk, 0, BPF_SK_STORAGE_GET_F_CREATE)))
		++*mine;
	bpf_ringbuf_output(&events, &change, sizeof(change), 0);
}

SEC("sockops")
int wide(struct bpf_sock_ops* skops) {
	switch (skops->op) {
	case BPF_SOCK_OPS_RWND_INIT:
		skops->reply = first_window;
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		open(skops);
		count(skops);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		changed(skops);
		break;
	}
	return 1;
}

SEC("sockops")
int gate(struct bpf_sock_ops* skops) {
	return skops->op != BPF_SOCK_OPS_TIMEOUT_INIT;
}

SEC("xdp")
int pass(struct xdp_md* ctx) {
	return ctx->ingress_ifindex ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
