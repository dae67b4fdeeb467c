// SPDX-License-Identifier: MIT
// What bpf_loop() and bpf_for_each_map_elem() hand on to a callback lies on the caller's stack, written in part.
#include "planted.h"

struct bpf_map;
struct context {
	struct bpf_sock_ops* skops;
	struct tuple t;
	struct event e;
	struct option o;
	__u32 number;
};

static __always_inline void fill(struct context* c, struct bpf_sock_ops* skops) {
	in_twin(__builtin_memset(c, 0, sizeof(*c)));
	c->skops = skops;
	c->t.saddr = c->t.daddr = 1;
	c->t.sport = c->t.dport = 2;
	c->t.proto = 6;
	c->e.op = c->e.port = 3;
	c->e.when = 4;
	c->o.kind = 254;
	c->o.length = sizeof(c->o);
	c->o.magic = 0x9feb;
}

static int in_key(__u32 index, struct context* c) {
	bpf_map_lookup_elem(&conns, &c->t); /* found: key of 'conns': bytes 21 to 23 of 'c' */
	return 0;
}
SEC("sockops")
int context_key(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_loop(1, in_key, &c, 0);
	return 1;
}

static long in_value(struct bpf_map* map, __u32* key, struct event* value, struct context* c) {
	bpf_map_update_elem(&last, key, &c->e, BPF_ANY); /* found: value of 'last': bytes 32 to 35 of 'c' */
	return 1;
}
SEC("sockops")
int context_value(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_for_each_map_elem(&last, in_value, &c, 0);
	return 1;
}

static int in_record(__u32 index, struct context* c) {
	bpf_ringbuf_output(&events, &c->e, sizeof(c->e), 0); /* found: record of 'events': bytes 32 to 39 of 'c' */
	return 0;
}
SEC("sockops")
int context_record(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_loop(1, in_record, &c, 0);
	return 1;
}

static int in_option(__u32 index, struct context* c) {
	bpf_store_hdr_opt(c->skops, &c->o, sizeof(c->o), 0); /* found: header option: bytes 52 to 55 of 'c' */
	return 0;
}
SEC("sockops")
int context_option(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_loop(1, in_option, &c, 0);
	return 1;
}

static int in_branch(__u32 index, struct context* c) {
	branch_on(c->number); /* found: branch: bytes 56 to 59 of 'c' */
	return 0;
}
SEC("sockops")
int context_branch(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_loop(1, in_branch, &c, 0);
	return 1;
}

/* Whether it goes on. */
static int in_return(__u32 index, struct context* c) {
	return c->number & 1; /* found: return of a callback: bytes 56 to 59 of 'c' */
}
SEC("sockops")
int context_return(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_loop(1, in_return, &c, 0);
	return 1;
}

static int in_reply(__u32 index, struct context* c) {
	c->skops->reply = c->number; /* found: reply of the context: bytes 56 to 59 of 'c' */
	return 0;
}
SEC("sockops")
int context_reply(struct bpf_sock_ops* skops) {
	struct context c;

	fill(&c, skops);
	bpf_loop(1, in_reply, &c, 0);
	return 1;
}
