// SPDX-License-Identifier: MIT
// Counts connections by a key with padding that it does not write, and forgets a member of the value.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct tuple {
	__u32 local, remote;
	__u8 active; // three bytes of padding follow
};

struct count {
	__u32 times, reason;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct tuple);
	__type(value, struct count);
} conns SEC(".maps");

SEC("sockops")
int unwritten(struct bpf_sock_ops* skops) {
	struct tuple t;
	struct count none, *known;

	if (skops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && skops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	t.local = skops->local_port;
	t.remote = skops->remote_port;
	t.active = skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB;
	known = bpf_map_lookup_elem(&conns, &t);
	if (known) {
		known->times++;
		return 1;
	}
	none.times = 1;
	bpf_map_update_elem(&conns, &t, &none, BPF_ANY);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
