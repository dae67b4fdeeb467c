// SPDX-License-Identifier: MIT
// Remembers the peers that were met last, and how often; those not met for long make room for others.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct peer {
	__u32 family;
	__u32 address[4]; // network order
};
struct meetings {
	__u32 connects, accepts, failures;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, struct peer);
	__type(value, struct meetings);
} peers SEC(".maps");

static void peer_of(struct bpf_sock_ops* skops, struct peer* peer) {
	peer->family = skops->family;
	if (skops->family == 2) {
		peer->address[0] = skops->remote_ip4;
		return;
	}
	peer->address[0] = skops->remote_ip6[0];
	peer->address[1] = skops->remote_ip6[1];
	peer->address[2] = skops->remote_ip6[2];
	peer->address[3] = skops->remote_ip6[3];
}

static struct meetings* meetings_with(struct bpf_sock_ops* skops) {
	struct meetings none = {}, *found;
	struct peer peer = {};

	peer_of(skops, &peer);
	found = bpf_map_lookup_elem(&peers, &peer);
	if (found)
		return found;
	bpf_map_update_elem(&peers, &peer, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&peers, &peer);
}

SEC("sockops")
int lru_peers(struct bpf_sock_ops* skops) {
	struct meetings* with;

	if (skops->op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		return 1;
	with = meetings_with(skops);
	if (!with)
		return 1;
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		with->connects++;
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		with->accepts++;
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (skops->args[0] == BPF_TCP_SYN_SENT && skops->args[1] == BPF_TCP_CLOSE)
			with->failures++;
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
