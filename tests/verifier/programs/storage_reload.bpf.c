// SPDX-License-Identifier: MIT
// Storage of a socket that is loaded again after the test; a compiler merges the loads.
#include "asked.h"

SEC("sockops")
int storage_reload(struct bpf_sock_ops* skops) {
	if (!skops->sk)
		return 1;
	__u64* v = bpf_sk_storage_get(&st, skops->sk, 0, 1);
	if (v)
		++*v;
	return 1;
}
