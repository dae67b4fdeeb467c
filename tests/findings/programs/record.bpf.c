// SPDX-License-Identifier: MIT
// Memory that bpf_ringbuf_reserve() gives holds what a record before left there.
#include "planted.h"

struct report {
	struct tuple t;
	struct event e;
	struct option o;
	__u32 number;
};

SEC("sockops")
int record_record(struct bpf_sock_ops* skops) {
	struct event* e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 1;
	in_twin(__builtin_memset(e, 0, sizeof(*e)));
	e->op = skops->op;
	e->port = skops->local_port;
	e->length = 8;
	e->when = 5;
	bpf_ringbuf_submit(e, 0); /* found: record: bytes 12 to 15 of a record */
	return 1;
}

SEC("sockops")
int record_key(struct bpf_sock_ops* skops) {
	struct report* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);

	if (!r)
		return 1;
	r->t.saddr = skops->local_ip4;
	in_twin(__builtin_memset(r, 0, sizeof(*r)));
	bpf_map_lookup_elem(&conns, &r->t); /* found: key of 'conns': bytes 4 to 15 of a record */
	bpf_ringbuf_discard(r, 0);
	return 1;
}

SEC("sockops")
int record_value(struct bpf_sock_ops* skops) {
	struct report* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);
	__u32 first = 0;

	if (!r)
		return 1;
	in_twin(__builtin_memset(r, 0, sizeof(*r)));
	r->e.op = skops->op;
	r->e.port = 0;
	r->e.when = 5;
	bpf_map_update_elem(&last, &first, &r->e, BPF_ANY); /* found: value of 'last': bytes 24 to 27 of a record */
	bpf_ringbuf_discard(r, 0);
	return 1;
}

SEC("sockops")
int record_option(struct bpf_sock_ops* skops) {
	struct report* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);

	if (!r)
		return 1;
	in_twin(__builtin_memset(r, 0, sizeof(*r)));
	r->o.kind = 254;
	r->o.length = sizeof(r->o);
	r->o.magic = 0x9feb;
	bpf_store_hdr_opt(skops, &r->o, sizeof(r->o), 0); /* found: header option: bytes 44 to 47 of a record */
	bpf_ringbuf_discard(r, 0);
	return 1;
}

SEC("sockops")
int record_branch(struct bpf_sock_ops* skops) {
	struct report* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);

	if (!r)
		return 1;
	in_twin(__builtin_memset(r, 0, sizeof(*r)));
	branch_on(unknown(r)->number); /* found: branch: bytes 48 to 51 of a record */
	bpf_ringbuf_discard(r, 0);
	return 1;
}

SEC("sockops")
int record_return(struct bpf_sock_ops* skops) {
	struct report* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);
	__u32 verdict;

	if (!r)
		return 1;
	in_twin(__builtin_memset(r, 0, sizeof(*r)));
	verdict = unknown(r)->number & 1;
	bpf_ringbuf_discard(r, 0);
	return verdict;
} /* found: return: bytes 48 to 51 of a record */

SEC("sockops")
int record_reply(struct bpf_sock_ops* skops) {
	struct report* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);

	if (!r)
		return 1;
	in_twin(__builtin_memset(r, 0, sizeof(*r)));
	skops->reply = unknown(r)->number; /* found: reply of the context: bytes 48 to 51 of a record */
	bpf_ringbuf_discard(r, 0);
	return 1;
}
