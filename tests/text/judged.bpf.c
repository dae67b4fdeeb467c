// SPDX-License-Identifier: MIT
// Does one thing of each kind that a text test may speak of: replies, flags, options, header options, maps of
// all kinds, records, lines.
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

enum mode { idle, tuned };
struct peer {
	__u32 ip, port; // as the context has them
};
struct conn {
	__u64 cookie;
	struct peer peer;
	__s32 balance;
	enum mode mode;
	char name[8];
	__u16 limits[4];
};
struct event {
	__u32 op, port;
};

const volatile __u32 wanted_reply = 25;
const volatile __u8 denies = 0, breaks = 0;
__u64 connections;
struct {
	__u32 calls[4];
	enum mode mode;
} totals;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u64); // the socket's cookie
	__type(value, struct conn);
} conns SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct peer);
	__type(value, __u32);
} by_peer SEC(".maps");
struct padded {
	__u16 port;
	__u32 op;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct padded);
	__type(value, __u32);
} padded SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} conf SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} counted SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct event);
} storage SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32); // in four bytes no lookup from outside has a cookie
} sockets SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 8);
	__type(value, __u32);
} order SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} samples SEC(".maps");
const struct event* event_for_btf;

static void connects(struct bpf_sock_ops* skops) {
	struct conn conn = {.cookie = bpf_get_socket_cookie(skops),
						.peer = {skops->remote_ip4, skops->remote_port},
						.balance = -3,
						.mode = tuned,
						.name = "tcp",
						.limits = {1, 2, 3, 4}};
	__u32 zero = 0, *wanted = bpf_map_lookup_elem(&conf, &zero);
	int packets = wanted && *wanted ? *wanted : 40, none = -1;
	__u64* count = bpf_map_lookup_elem(&counted, &zero);

	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_IW, &packets, sizeof(packets));
	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_IW, &none, sizeof(none));
	bpf_setsockopt(skops, SOL_TCP, 13 /* TCP_CONGESTION */, "reno", sizeof("reno"));
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTO_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG |
										 BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
	bpf_map_update_elem(&conns, &conn.cookie, &conn, BPF_ANY);
	bpf_map_update_elem(&by_peer, &conn.peer, &zero, BPF_ANY);
	if (count)
		++*count;
	connections++;
	totals.mode = tuned;
	bpf_printk("connects to port %d", bpf_ntohl(skops->remote_port));
}

static void established(struct bpf_sock_ops* skops) {
	struct event event = {skops->op, skops->local_port}, *kept;
	__u32 key = skops->op;

	kept = skops->sk ? bpf_sk_storage_get(&storage, skops->sk, NULL, BPF_SK_STORAGE_GET_F_CREATE) : NULL;
	if (kept)
		*kept = event;
	bpf_sock_hash_update(skops, &sockets, &key, BPF_ANY);
	bpf_map_push_elem(&order, &key, 0);
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	bpf_perf_event_output(skops, &samples, BPF_F_CURRENT_CPU, &event, sizeof(event));
	bpf_printk("established\n");
}

static void leaves_padding(struct bpf_sock_ops* skops) {
	struct padded key;
	__u32 one = 1;

	key.port = skops->local_port;
	key.op = skops->op;
	bpf_map_update_elem(&padded, &key, &one, BPF_ANY);
}

SEC("sockops")
int judged(struct bpf_sock_ops* skops) {
	__u8 option[4] = {253, 4, 0xeb, 0x9f};
	__u64 none = 0;

	switch (skops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops->reply = wanted_reply;
		return !denies;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		connects(skops);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		established(skops);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		bpf_reserve_hdr_opt(skops, 4, 0);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		bpf_store_hdr_opt(skops, option, sizeof(option), 0);
		break;
	case BPF_SOCK_OPS_RTT_CB:
		if (breaks)
			leaves_padding(skops);
		break;
	case BPF_SOCK_OPS_RTO_CB:
		if (breaks)
			totals.calls[0] = *(volatile __u32*)bpf_map_lookup_elem(&conns, &none);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
