// SPDX-License-Identifier: MIT
// Storage of a socket that is one.
#include "asked.h"

SEC("sockops")
int storage_ok(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	if (!sk)
		return 1;
	__u64* v = bpf_sk_storage_get(&st, sk, 0, 1);
	if (v)
		++*v;
	return 1;
}
