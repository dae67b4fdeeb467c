// SPDX-License-Identifier: MIT
// Another element of an array, which is there too; a verifier does not know.
#include "asked.h"

SEC("sockops")
int array_no_check_key3(struct bpf_sock_ops* skops) {
	__u32 k = 3;
	__u64* v = bpf_map_lookup_elem(&arr, &k);
	*v += 1;
	return 1;
}
