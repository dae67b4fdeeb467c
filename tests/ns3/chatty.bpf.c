// SPDX-License-Identifier: MIT
// Says what connects by a line, and by as many records as it is told, of which a ring has room for three.
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define REST 299 /* words */

struct large {
	__u32 number;
	__u32 rest[REST];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

const volatile __u32 records = 1;

SEC("sockops")
int chatty(struct bpf_sock_ops *skops)
{
	__u32 i, n;

	if (skops->op != BPF_SOCK_OPS_TCP_CONNECT_CB)
		return 1;
	bpf_printk("to port %d\n", bpf_ntohl(skops->remote_port));
	for (i = 0; i < records && i < 16; i++) {
		struct large *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

		if (!record)
			continue;
		for (n = 0; n < REST; n++)
			*(volatile __u32 *)&record->rest[n] = 0;
		record->number = i;
		bpf_ringbuf_submit(record, 0);
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
