// SPDX-License-Identifier: MIT
// A part of the packet as a record.
#include "asked.h"

SEC("sockops")
int packet_to_ringbuf(struct bpf_sock_ops* skops) {
	void* d = skops->skb_data;
	if (d + 20 > skops->skb_data_end)
		return 1;
	bpf_ringbuf_output(&rb, d, 20, 0);
	return 1;
}
