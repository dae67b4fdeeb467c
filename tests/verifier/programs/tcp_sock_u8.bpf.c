// SPDX-License-Identifier: MIT
// A part of a field of bpf_tcp_sock.
#include "asked.h"

__u8 s;

SEC("sockops")
int tcp_sock_u8(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	struct bpf_tcp_sock* t;
	if (sk && (t = bpf_tcp_sock(sk)))
		s = t->snd_cwnd;
	return 1;
}
