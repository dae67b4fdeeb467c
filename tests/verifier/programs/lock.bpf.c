// SPDX-License-Identifier: MIT
// A counter under a lock.
#include "asked.h"

struct l {
	struct bpf_spin_lock l;
	__u32 n;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct l);
} m SEC(".maps");

SEC("sockops")
int lock(struct bpf_sock_ops* skops) {
	__u32 k = 1;
	struct l* l = bpf_map_lookup_elem(&m, &k);
	if (!l)
		return 1;
	bpf_spin_lock(&l->l);
	l->n++;
	bpf_spin_unlock(&l->l);
	return 1;
}
