// SPDX-License-Identifier: MIT
// Two numbers that belong together, changed under a lock that lies in the value beside them.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct account {
	__u64 calls;
	struct bpf_spin_lock lock;
	__u32 last_op;
	__u64 sum_of_ops;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32); // is it a full socket
	__type(value, struct account);
} accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct account);
} totals SEC(".maps");

__u64 torn;

/* A lock among the variables of a section. */
__u64 opened SEC(".data.opened");
struct bpf_spin_lock of_opened SEC(".data.opened");

static void book(struct account* account, __u32 op) {
	bpf_spin_lock(&account->lock);
	account->calls++;
	account->last_op = op;
	account->sum_of_ops += op;
	bpf_spin_unlock(&account->lock);
}

SEC("sockops")
int under_lock(struct bpf_sock_ops* skops) {
	struct account none = {}, *account;
	__u32 op = skops->op, full = skops->is_fullsock, zero = 0;

	bpf_spin_lock(&of_opened);
	opened += op;
	bpf_spin_unlock(&of_opened);
	account = bpf_map_lookup_elem(&accounts, &full);
	if (!account) {
		bpf_map_update_elem(&accounts, &full, &none, BPF_NOEXIST);
		account = bpf_map_lookup_elem(&accounts, &full);
	}
	if (account)
		book(account, op);
	account = bpf_map_lookup_elem(&totals, &zero);
	if (!account)
		return 1;
	book(account, op);
	if (account->calls * 32 < account->sum_of_ops)
		torn++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
