// SPDX-License-Identifier: MIT
// tune.bpf.c with a mistake for the test to find: the minimum timeout is in milliseconds.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

const volatile __u32 net = 0x0a, mask = 0xff; // 10.0.0.0/8, in network order

struct conn {
	__u64 opened_ns;
	__u32 retransmits;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); // the socket's cookie
	__type(value, struct conn);
} conns SEC(".maps");

struct closed {
	__u64 lived_ns;
	__u32 peer, retransmits;
};
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} closed SEC(".maps");
const struct closed* closed_for_btf; // a type that only local variables have would be left out

static void opened(struct bpf_sock_ops* skops, __u64 cookie) {
	struct conn conn = {.opened_ns = bpf_ktime_get_ns()};
	int rto_min_us = 20;

	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_RTO_MIN, &rto_min_us, sizeof(rto_min_us));
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG);
	bpf_map_update_elem(&conns, &cookie, &conn, BPF_ANY);
}

static void ended(struct bpf_sock_ops* skops, __u64 cookie, const struct conn* conn) {
	struct closed record = {.peer = skops->remote_ip4, .retransmits = conn->retransmits};

	record.lived_ns = bpf_ktime_get_ns() - conn->opened_ns;
	bpf_ringbuf_output(&closed, &record, sizeof(record), 0);
	bpf_map_delete_elem(&conns, &cookie);
}

SEC("sockops")
int tune(struct bpf_sock_ops* skops) {
	__u64 cookie = bpf_get_socket_cookie(skops);
	struct conn* conn;

	if ((skops->remote_ip4 & mask) != net)
		return 1;
	switch (skops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops->reply = 25; // jiffies of 4 ms
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		skops->reply = 40; // packets
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		opened(skops, cookie);
		break;
	case BPF_SOCK_OPS_RETRANS_CB:
		conn = bpf_map_lookup_elem(&conns, &cookie);
		if (conn)
			conn->retransmits += skops->args[1];
		break;
	case BPF_SOCK_OPS_STATE_CB:
		conn = bpf_map_lookup_elem(&conns, &cookie);
		if (conn && skops->args[1] == BPF_TCP_CLOSE)
			ended(skops, cookie, conn);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
