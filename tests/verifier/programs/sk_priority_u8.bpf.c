// SPDX-License-Identifier: MIT
// A part of a socket's field; a compiler loads all of it.
#include "asked.h"

__u8 s;

SEC("sockops")
int sk_priority_u8(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	if (sk)
		s = sk->priority;
	return 1;
}
