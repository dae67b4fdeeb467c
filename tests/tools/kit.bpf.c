// SPDX-License-Identifier: MIT
// Does to a socket what a unit test may want to see: header options both ways, values of sockets, records of a
// perf event array, lines, addresses of both families, and what a request is told.
#include <linux/bpf.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct option {
	__u8 kind, length;
	__u16 magic;
	__u8 data;
} __attribute__((packed));

struct seen {
	__u32 family, local_port, remote_port; // host order
	__u32 remote_ip4, last_word_of_ip6;    // network order
	__u32 snd_cwnd, srtt_us, total_retrans, mss;
	__u64 bytes_acked, bytes_received;
	__u8 is_fullsock;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32); // op
	__type(value, struct seen);
} seen_in SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, __u64);
} since SEC(".maps");

struct heard {
	__u32 op;
	__s32 length;
	__u8 data;
};
const struct heard* heard_for_btf;
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} heard SEC(".maps");

static void look(struct bpf_sock_ops* skops) {
	struct seen now = {.family = skops->family};
	__u32 op = skops->op;

	now.local_port = skops->local_port;
	now.remote_port = bpf_ntohl(skops->remote_port);
	now.remote_ip4 = skops->remote_ip4;
	now.is_fullsock = skops->is_fullsock;
	if (skops->family == 10)
		now.last_word_of_ip6 = skops->remote_ip6[3];
	now.snd_cwnd = skops->snd_cwnd;
	now.srtt_us = skops->srtt_us;
	now.total_retrans = skops->total_retrans;
	now.mss = skops->mss_cache;
	now.bytes_acked = skops->bytes_acked;
	now.bytes_received = skops->bytes_received;
	bpf_map_update_elem(&seen_in, &op, &now, BPF_ANY);
}

static void listen(struct bpf_sock_ops* skops) {
	__u64* mine = skops->sk ? bpf_sk_storage_get(&since, skops->sk, 0, BPF_SK_STORAGE_GET_F_CREATE) : 0;

	if (mine)
		*mine = bpf_ktime_get_ns();
	bpf_printk("listens on %d", skops->local_port);
}

static void hear(struct bpf_sock_ops* skops) {
	struct option option = {.kind = 253, .length = 4, .magic = bpf_htons(0xeb9f)};
	struct heard what = {.op = skops->op};

	what.length = bpf_load_hdr_opt(skops, &option, sizeof(option), 0);
	what.data = option.data;
	bpf_perf_event_output(skops, &heard, BPF_F_CURRENT_CPU, &what, sizeof(what));
}

static void say(struct bpf_sock_ops* skops) {
	struct option option = {.kind = 253, .length = 5, .magic = bpf_htons(0xeb9f), .data = 7};

	if (skops->op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		bpf_reserve_hdr_opt(skops, sizeof(option), 0);
	else
		bpf_store_hdr_opt(skops, &option, sizeof(option), 0);
}

SEC("sockops")
int kit(struct bpf_sock_ops* skops) {
	look(skops);
	switch (skops->op) {
	case BPF_SOCK_OPS_RWND_INIT:
		skops->reply = skops->is_fullsock ? 10 : 20;
		break;
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		listen(skops);
		break;
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		hear(skops);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		say(skops);
		break;
	}
	return 1;
}

SEC("sockops")
int refuse(struct bpf_sock_ops* skops) {
	return skops->op == BPF_SOCK_OPS_VOID;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
