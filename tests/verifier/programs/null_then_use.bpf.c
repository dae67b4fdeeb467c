// SPDX-License-Identifier: MIT
// An element that is looked up again after it was entered, and not tested.
#include "asked.h"

SEC("sockops")
int null_then_use(struct bpf_sock_ops* skops) {
	__u64 k = skops->op;
	struct v* v = bpf_map_lookup_elem(&hash, &k);
	if (!v) {
		struct v z = {};
		bpf_map_update_elem(&hash, &k, &z, 0);
		v = bpf_map_lookup_elem(&hash, &k);
	}
	v->n++;
	return 1;
}
