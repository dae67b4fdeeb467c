// SPDX-License-Identifier: MIT
// A loop up to a number of the socket.
#include "asked.h"

__u64 s;

SEC("sockops")
int loop_snd_una(struct bpf_sock_ops* skops) {
	for (__u32 i = 0; i < skops->packets_out; i++)
		s += i * i ^ s;
	return 1;
}
