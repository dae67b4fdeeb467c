// SPDX-License-Identifier: MIT
// Tunes each connection by rules on its port and address, and keeps what the socket then says.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOL_SOCKET 1
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_PRIORITY 12
#define SOL_TCP 6

struct rule {
	__u32 port;      // of the server; host order
	__u32 net, mask; // of the peer, network order; of IPv6 the last 32 bits
	__u32 buffers;   // bytes
	__u32 priority;
	__u32 cwnd_clamp;
	__u32 rto_min_us;
};
const volatile struct rule rules[3] = {
	{.port = 80, .buffers = 100000, .priority = 1, .cwnd_clamp = 5, .rto_min_us = 20000},
	{.port = 0x5150,
	 .net = 0x7f,
	 .mask = 0xff,
	 .buffers = 65536,
	 .priority = 3,
	 .cwnd_clamp = 40,
	 .rto_min_us = 150000},
	{.port = 0x5150, .buffers = 150000, .priority = 4, .cwnd_clamp = 50, .rto_min_us = 140000},
};

struct tuned {
	__u32 rule;
	__s32 errors[5]; // of SO_SNDBUF, SO_RCVBUF, SO_PRIORITY, clamp, RTO minimum
	__u32 sndbuf, rcvbuf, priority, nodelay;
	__u32 cb_flags;
	char congestion[16];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct tuned);
} tuned_by_port SEC(".maps");

static int set(struct bpf_sock_ops* skops, int level, int name, int value) {
	return bpf_setsockopt(skops, level, name, &value, sizeof(value));
}

static __u32 get(struct bpf_sock_ops* skops, int level, int name) {
	int value = 0;

	if (bpf_getsockopt(skops, level, name, &value, sizeof(value)))
		return ~0u;
	return value;
}

static int rule_for(struct bpf_sock_ops* skops, __u32 server_port) {
	__u32 ip4 = skops->remote_ip4, ip6 = skops->remote_ip6[3], address;
	int at;

	/* Both are loaded: the verifier takes no address in the context that was chosen at run time. */
	barrier_var(ip4);
	barrier_var(ip6);
	address = skops->family == 2 ? ip4 : ip6;

	for (at = 0; at < 3; at++)
		if (rules[at].port == server_port && (address & rules[at].mask) == rules[at].net)
			return at;
	return -1;
}

static void tune_connection(struct bpf_sock_ops* skops, __u32 server_port) {
	__u32 key = skops->local_port;
	int at = rule_for(skops, server_port);
	struct tuned now = {.rule = at};

	if (at < 0 || at > 2)
		return;
	now.errors[0] = set(skops, SOL_SOCKET, SO_SNDBUF, rules[at].buffers);
	now.errors[1] = set(skops, SOL_SOCKET, SO_RCVBUF, rules[at].buffers);
	now.errors[2] = set(skops, SOL_SOCKET, SO_PRIORITY, rules[at].priority);
	now.errors[3] = set(skops, SOL_TCP, TCP_BPF_SNDCWND_CLAMP, rules[at].cwnd_clamp);
	now.errors[4] = set(skops, SOL_TCP, TCP_BPF_RTO_MIN, rules[at].rto_min_us);
	set(skops, SOL_TCP, TCP_NODELAY, 1);
	now.sndbuf = get(skops, SOL_SOCKET, SO_SNDBUF);
	now.rcvbuf = get(skops, SOL_SOCKET, SO_RCVBUF);
	now.priority = get(skops, SOL_SOCKET, SO_PRIORITY);
	now.nodelay = get(skops, SOL_TCP, TCP_NODELAY);
	bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	now.cb_flags = skops->bpf_sock_ops_cb_flags;
	bpf_getsockopt(skops, SOL_TCP, TCP_CONGESTION, now.congestion, sizeof(now.congestion));
	bpf_map_update_elem(&tuned_by_port, &key, &now, BPF_ANY);
}

SEC("sockops")
int tune(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		tune_connection(skops, bpf_ntohl(skops->remote_port));
	else if (skops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		tune_connection(skops, skops->local_port);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
