// SPDX-License-Identifier: MIT
// An element of an array, by a bounded key.
#include "asked.h"

SEC("sockops")
int array_no_check_var(struct bpf_sock_ops* skops) {
	__u32 k = skops->op & 15;
	__u64* v = bpf_map_lookup_elem(&arr, &k);
	*v += 1;
	return 1;
}
