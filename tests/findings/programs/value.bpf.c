// SPDX-License-Identifier: MIT
// A value of a map into which unwritten bytes were stored by a pointer, and who reads it from there: also in a later call.
#include "planted.h"

struct state {
	struct tuple t;
	struct event e;
	struct option o;
	__u32 number;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct state);
} states SEC(".maps");

static __always_inline __u32 unwritten(void) {
	__u32 word;

	in_twin(word = 7);
	return *(volatile __u32*)unknown(&word);
}
static noinline struct state* state_at(__u32 index) { return bpf_map_lookup_elem(&states, &index); }

SEC("sockops")
int value_key(struct bpf_sock_ops* skops) {
	struct state* s = state_at(0);

	if (!s)
		return 1;
	s->t.daddr = unwritten();
	bpf_map_lookup_elem(&conns, &s->t); /* found: key of 'conns': bytes 4 to 7 of a value of 'states', which come from 'word' */
	return 1;
}

SEC("sockops")
int value_value(struct bpf_sock_ops* skops) {
	struct state* s = state_at(1);
	__u32 first = 0;

	if (!s)
		return 1;
	s->e.length = unwritten();
	bpf_map_update_elem(&last, &first, &s->e, BPF_ANY); /* found: value of 'last': bytes 24 to 27 of a value of 'states', which come from 'word' */
	return 1;
}

SEC("sockops")
int value_record(struct bpf_sock_ops* skops) {
	struct state* s = state_at(2);

	if (!s)
		return 1;
	s->e.op = unwritten();
	bpf_ringbuf_output(&events, &s->e, sizeof(s->e), 0); /* found: record of 'events': bytes 16 to 19 of a value of 'states', which come from 'word' */
	return 1;
}

SEC("sockops")
int value_option(struct bpf_sock_ops* skops) {
	struct state* s = state_at(3);

	if (!s)
		return 1;
	s->o.kind = 254;
	s->o.length = sizeof(s->o);
	s->o.magic = 0x9feb;
	s->o.number = unwritten();
	bpf_store_hdr_opt(skops, &s->o, sizeof(s->o), 0); /* found: header option: bytes 44 to 47 of a value of 'states', which come from 'word' */
	return 1;
}

/* Stored in one call, and compared in the next. */
SEC("sockops")
int value_branch(struct bpf_sock_ops* skops) {
	struct state* s = state_at(4);

	if (!s)
		return 1;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		s->number = unwritten();
	else
		branch_on(s->number); /* found: branch: 'word' */
	return 1;
}

SEC("sockops")
int value_return(struct bpf_sock_ops* skops) {
	struct state* s = state_at(5);

	if (!s)
		return 1;
	s->number = unwritten();
	return unknown(s)->number & 1;
} /* found: return: 'word' */

SEC("sockops")
int value_reply(struct bpf_sock_ops* skops) {
	struct state* s = state_at(6);

	if (!s)
		return 1;
	s->number = unwritten();
	skops->reply = unknown(s)->number; /* found: reply of the context: 'word' */
	return 1;
}

/* A global variable is a value, too. */
__u32 chosen;
SEC("sockops")
int global_reply(struct bpf_sock_ops* skops) {
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		chosen = unwritten();
	else
		skops->reply = chosen; /* found: reply of the context: 'word' */
	return 1;
}
