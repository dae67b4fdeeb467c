// SPDX-License-Identifier: MIT
// What a kernel's stack holds is what ran there before: two programs to run before the others, each of which leaves other
// bytes, and one behind them that keeps the reply. Between two programs a kernel uses the upper end of their stack
// itself, some more of it than others: what is not written lies below it.
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

/// A variable of that type, and what lies above it.
#define BELOW(type) struct { type it; __u64 above[20]; }

SEC("sockops")
int stale_key(struct bpf_sock_ops* skops) {
	BELOW(struct tuple) t;
	__u64 one = 1;

	in_twin(__builtin_memset(&t.it, 0, sizeof(t.it)));
	t.it.saddr = t.it.daddr = 1;
	t.it.sport = t.it.dport = 2;
	t.it.proto = 6;
	bpf_map_update_elem(&conns, &t.it, &one, BPF_ANY); /* found: key of 'conns': bytes 13 to 15 of 't' */
	return 1;
}
SEC("sockops")
int stale_value(struct bpf_sock_ops* skops) {
	__u32 first = 0;
	BELOW(struct event) e;

	in_twin(__builtin_memset(&e.it, 0, sizeof(e.it)));
	e.it.op = e.it.port = 1;
	e.it.when = 2;
	bpf_map_update_elem(&last, &first, &e.it, BPF_ANY); /* found: value of 'last': bytes 8 to 11 of 'e' */
	return 1;
}
SEC("sockops")
int stale_record(struct bpf_sock_ops* skops) {
	BELOW(struct event) e;

	in_twin(__builtin_memset(&e.it, 0, sizeof(e.it)));
	e.it.op = e.it.port = e.it.length = 1;
	e.it.when = 2;
	bpf_ringbuf_output(&events, &e.it, sizeof(e.it), 0); /* found: record of 'events': bytes 12 to 15 of 'e' */
	return 1;
}
SEC("sockops")
int stale_branch(struct bpf_sock_ops* skops) {
	BELOW(__u64) word;

	in_twin(word.it = 7);
	branch_on(*(volatile __u64*)unknown(&word.it)); /* found: branch */
	return 1;
}
SEC("sockops")
int stale_reply(struct bpf_sock_ops* skops) {
	BELOW(__u32) timeout;

	in_twin(timeout.it = 50);
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = *unknown(&timeout.it) & 0xff; /* found: reply of the context */
	return 1;
}
