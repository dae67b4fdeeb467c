// SPDX-License-Identifier: MIT
// The first element of an array, which is there.
#include "asked.h"

SEC("sockops")
int array_no_check(struct bpf_sock_ops* skops) {
	__u32 k = 0;
	__u64* v = bpf_map_lookup_elem(&arr, &k);
	*v += 1;
	return 1;
}
