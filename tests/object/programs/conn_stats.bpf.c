// SPDX-License-Identifier: MIT
// Statistics of each connection, found by its addresses and ports; they are summed up and deleted when it
// closes.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 family;
	__u32 local_port, remote_port; // host order
	__u32 local_ip4, remote_ip4;   // network order
	__u32 local_ip6[4], remote_ip6[4];
};
struct conn {
	__u64 opened_ns;
	__u32 active;
	__u32 retransmits;
	__u32 timeouts;
	__u32 states; // bit n: has been left for state n
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct flow);
	__type(value, struct conn);
} conns SEC(".maps");

struct totals {
	__u64 closed, active, retransmits, timeouts;
	__u64 bytes_received, bytes_acked, segs_in, segs_out;
	__u64 lived_ns;
	__u32 states;
	__s32 deleted; // what the last deletion answered
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, struct totals);
} closed SEC(".maps");

static void flow_of(struct bpf_sock_ops* skops, struct flow* flow) {
	flow->family = skops->family;
	flow->local_port = skops->local_port;
	flow->remote_port = bpf_ntohl(skops->remote_port);
	if (skops->family == 2) {
		flow->local_ip4 = skops->local_ip4;
		flow->remote_ip4 = skops->remote_ip4;
		return;
	}
	flow->local_ip6[0] = skops->local_ip6[0];
	flow->local_ip6[1] = skops->local_ip6[1];
	flow->local_ip6[2] = skops->local_ip6[2];
	flow->local_ip6[3] = skops->local_ip6[3];
	flow->remote_ip6[0] = skops->remote_ip6[0];
	flow->remote_ip6[1] = skops->remote_ip6[1];
	flow->remote_ip6[2] = skops->remote_ip6[2];
	flow->remote_ip6[3] = skops->remote_ip6[3];
}

static void add_to_totals(struct bpf_sock_ops* skops, const struct flow* flow, const struct conn* conn) {
	struct totals none = {}, *sum;

	bpf_map_update_elem(&closed, &flow->local_port, &none, BPF_NOEXIST);
	sum = bpf_map_lookup_elem(&closed, &flow->local_port);
	if (!sum)
		return;
	sum->closed++;
	sum->active += conn->active;
	sum->retransmits += conn->retransmits;
	sum->timeouts += conn->timeouts;
	sum->bytes_received += skops->bytes_received;
	sum->bytes_acked += skops->bytes_acked;
	sum->segs_in += skops->segs_in;
	sum->segs_out += skops->segs_out;
	sum->lived_ns += bpf_ktime_get_ns() - conn->opened_ns;
	sum->states |= conn->states;
	sum->deleted = bpf_map_delete_elem(&conns, flow);
}

SEC("sockops")
int conn_stats(struct bpf_sock_ops* skops) {
	struct conn fresh = {.opened_ns = bpf_ktime_get_ns()}, *conn;
	struct flow flow = {};

	flow_of(skops, &flow);
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		fresh.active = 1;
		/* fallthrough */
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG |
											 BPF_SOCK_OPS_RTO_CB_FLAG);
		bpf_map_update_elem(&conns, &flow, &fresh, BPF_ANY);
		return 1;
	}
	conn = bpf_map_lookup_elem(&conns, &flow);
	if (!conn)
		return 1;
	if (skops->op == BPF_SOCK_OPS_RETRANS_CB)
		__sync_fetch_and_add(&conn->retransmits, skops->args[1]);
	else if (skops->op == BPF_SOCK_OPS_RTO_CB)
		conn->timeouts++;
	else if (skops->op == BPF_SOCK_OPS_STATE_CB) {
		conn->states |= 1u << (skops->args[1] & 31);
		if (skops->args[1] == BPF_TCP_CLOSE)
			add_to_totals(skops, &flow, conn);
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
