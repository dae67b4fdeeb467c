// SPDX-License-Identifier: MIT
// A loop up to a length that the packet says.
#include "asked.h"

SEC("sockops")
int opt_len_from_packet(struct bpf_sock_ops* skops) {
	__u8 o[40] = {0xfd};
	if (bpf_load_hdr_opt(skops, o, sizeof o, 0) < 0)
		return 1;
	__u64 s = 0;
#pragma clang loop unroll(disable)
	for (int i = 2; i < o[1]; i++) {
		if (i >= 40)
			break;
		s += o[i];
	}
	__u64 k = s;
	struct v v = {};
	bpf_map_update_elem(&hash, &k, &v, 0);
	return 1;
}
