// SPDX-License-Identifier: MIT
// The two ports of a context have two byte orders: local_port is a number, remote_port is in network order, and that in
// the upper half of its 32 bits on a little-endian machine.
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SERVICE 20816

__u32 found, missed;

SEC("sockops")
int of_service(struct bpf_sock_ops* skops) {
	__u32 port = skops->remote_port;

	if (skops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		return 1;
	bpf_printk("ntohs %u, ntohl %u", bpf_ntohs(port), bpf_ntohl(port));
	if (bpf_ntohs(port) == SERVICE)
		found++;
	else
		missed++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
