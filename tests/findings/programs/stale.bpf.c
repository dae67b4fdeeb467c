// SPDX-License-Identifier: MIT
// What a kernel's stack holds is what ran there before: two programs to run before the others, each of which leaves other
// bytes, and one behind them that keeps the reply.
#include "planted.h"

static __always_inline int leave(__u64 what) {
	__u64 all[60];

	for (__u32 i = 0; i < 60; i++)
		*(volatile __u64*)&all[i] = what;
	return *(volatile __u64*)&all[7] != 1;
}
SEC("sockops")
int leave_zeroes(struct bpf_sock_ops* skops) { return leave(0); }
SEC("sockops")
int leave_ones(struct bpf_sock_ops* skops) { return leave(~0ull); }

volatile __u32 kept;
SEC("sockops")
int keep_the_reply(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		kept = skops->reply;
	return 1;
}

SEC("sockops")
int stale_key(struct bpf_sock_ops* skops) {
	struct tuple t;
	__u64 one = 1;

	in_twin(__builtin_memset(&t, 0, sizeof(t)));
	t.saddr = t.daddr = 1;
	t.sport = t.dport = 2;
	t.proto = 6;
	bpf_map_update_elem(&conns, &t, &one, BPF_ANY); /* found: key of 'conns': bytes 13 to 15 of 't' */
	return 1;
}
SEC("sockops")
int stale_value(struct bpf_sock_ops* skops) {
	__u32 first = 0;
	struct event e;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = 1;
	e.when = 2;
	bpf_map_update_elem(&last, &first, &e, BPF_ANY); /* found: value of 'last': bytes 8 to 11 of 'e' */
	return 1;
}
SEC("sockops")
int stale_record(struct bpf_sock_ops* skops) {
	struct event e;

	in_twin(__builtin_memset(&e, 0, sizeof(e)));
	e.op = e.port = e.length = 1;
	e.when = 2;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0); /* found: record of 'events': bytes 12 to 15 of 'e' */
	return 1;
}
SEC("sockops")
int stale_branch(struct bpf_sock_ops* skops) {
	__u64 word;

	in_twin(word = 7);
	branch_on(*(volatile __u64*)unknown(&word)); /* found: branch */
	return 1;
}
SEC("sockops")
int stale_reply(struct bpf_sock_ops* skops) {
	__u32 timeout;

	in_twin(timeout = 50);
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = *unknown(&timeout) & 0xff; /* found: reply of the context */
	return 1;
}
