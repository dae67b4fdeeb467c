// SPDX-License-Identifier: MIT
// A server's RWND_INIT and TIMEOUT_INIT are asked of a request, not of a socket: its fields read 0, skops->sk is NULL
// and no option can be set. What is tested with a client alone works.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SOL_SOCKET 1
#define SO_RCVBUF 8

__u32 sized, not_sized;

SEC("sockops")
int buffers(struct bpf_sock_ops* skops) {
	int bytes = 300000;

	if (skops->op != BPF_SOCK_OPS_RWND_INIT)
		return 1;
	if (bpf_setsockopt(skops, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) == 0)
		sized++;
	else
		not_sized++;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
