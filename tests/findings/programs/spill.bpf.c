// SPDX-License-Identifier: MIT
// What was read unwritten goes on in registers, more of them than a call leaves alone: some are spilled to the stack and
// filled back, and are then no better.
#include "planted.h"

/* Six words, of which each bit of the result depends, live over a call. */
static __always_inline __u32 mixed_over_a_call(struct bpf_sock_ops* skops) {
	volatile __u32 words[6];
	__u64 a, b, c, d, e, f;

	in_twin(for (int i = 0; i < 6; i++) words[i] = i);
	a = opaque(words[0]), b = opaque(words[1]), c = opaque(words[2]);
	d = opaque(words[3]), e = opaque(words[4]), f = opaque(words[5]);
	bpf_ktime_get_ns();
	return opaque(a) ^ opaque(b) ^ opaque(c) ^ opaque(d) ^ opaque(e) ^ opaque(f);
}

SEC("sockops")
int spill_key(struct bpf_sock_ops* skops) {
	__u32 mixed = mixed_over_a_call(skops);
	struct tuple t = {};

	t.saddr = mixed;
	bpf_map_lookup_elem(&conns, &t); /* found: key of 'conns': bytes 0 to 3 of 't' */
	return 1;
}

SEC("sockops")
int spill_value(struct bpf_sock_ops* skops) {
	__u32 mixed = mixed_over_a_call(skops), first = 0;
	struct event e = {};

	e.port = mixed;
	bpf_map_update_elem(&last, &first, &e, BPF_ANY); /* found: value of 'last': bytes 4 to 7 of 'e' */
	return 1;
}

SEC("sockops")
int spill_record(struct bpf_sock_ops* skops) {
	__u32 mixed = mixed_over_a_call(skops);
	struct event e = {};

	e.when = mixed; // its upper half is 0, which is known
	bpf_ringbuf_output(&events, &e, sizeof(e), 0); /* found: record of 'events': bytes 16 to 19 of 'e' */
	return 1;
}

SEC("sockops")
int spill_option(struct bpf_sock_ops* skops) {
	__u32 mixed = mixed_over_a_call(skops);

	bpf_setsockopt(skops, SOL_TCP, TCP_BPF_SNDCWND_CLAMP, &mixed, sizeof(mixed)); /* found: option TCP_BPF_SNDCWND_CLAMP: 'mixed' */
	return 1;
}

SEC("sockops")
int spill_branch(struct bpf_sock_ops* skops) {
	branch_on(mixed_over_a_call(skops) > 100); /* found: branch */
	return 1;
}

SEC("sockops")
int spill_return(struct bpf_sock_ops* skops) {
	return mixed_over_a_call(skops) & 1; /* found: return */
}

SEC("sockops")
int spill_reply(struct bpf_sock_ops* skops) {
	skops->reply = mixed_over_a_call(skops); /* found: reply of the context */
	return 1;
}
