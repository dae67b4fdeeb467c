// SPDX-License-Identifier: MIT
// Storage of a socket that may be none.
#include "asked.h"

SEC("sockops")
int storage(struct bpf_sock_ops* skops) {
	__u64* v = bpf_sk_storage_get(&st, skops->sk, 0, 1);
	if (v)
		++*v;
	return 1;
}
