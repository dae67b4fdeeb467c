// SPDX-License-Identifier: MIT
// An option's last byte, by its tested length.
#include "asked.h"

SEC("sockops")
int opt_var_len(struct bpf_sock_ops* skops) {
	__u8 o[40] = {0xfd};
	int r = bpf_load_hdr_opt(skops, o, sizeof o, 0);
	if (r < 2 || r > 40)
		return 1;
	__u64* e = bpf_ringbuf_reserve(&rb, 8, 0);
	if (!e)
		return 1;
	*e = o[r - 1];
	bpf_ringbuf_submit(e, 0);
	return 1;
}
