// SPDX-License-Identifier: MIT
// A logarithm by steps, cut to the size of the histogram.
#include "asked.h"

static __always_inline unsigned lg(__u32 v) {
	unsigned r = 0;
	if (v >> 16) {
		v >>= 16;
		r += 16;
	}
	if (v >> 8) {
		v >>= 8;
		r += 8;
	}
	if (v >> 4) {
		v >>= 4;
		r += 4;
	}
	if (v >> 2) {
		v >>= 2;
		r += 2;
	}
	if (v >> 1)
		r += 1;
	return r;
}

SEC("sockops")
int logarithm(struct bpf_sock_ops* skops) {
	__u64 k = 1;
	struct v* v = bpf_map_lookup_elem(&hash, &k);
	if (!v)
		return 1;
	unsigned i = lg(skops->srtt_us);
	if (i > 15)
		i = 15;
	v->hist[i]++;
	return 1;
}
