// SPDX-License-Identifier: MIT
// Unwritten bytes of a variable that another function is given by reference: one that fills it in part, or that reads
// what its caller left; static ones, and global ones, which a verifier looks at by themselves.
#include "planted.h"

static noinline void fill(struct tuple* t, struct bpf_sock_ops* skops) {
	t->saddr = skops->local_ip4;
	t->daddr = skops->remote_ip4;
	t->sport = skops->local_port;
	t->dport = 80;
	t->proto = 6;
	in_twin(__builtin_memset(&t->proto + 1, 0, 3));
}
SEC("sockops")
int argument_key(struct bpf_sock_ops* skops) {
	struct tuple t;

	fill(&t, skops);
	bpf_map_lookup_elem(&conns, &t); /* found: key of 'conns': bytes 13 to 15 of 't' */
	return 1;
}

__u64 counted;
/* A global one, which does the lookup. */
noinline int count_of(struct tuple* t) {
	__u64* count;

	if (!t)
		return 0;
	count = bpf_map_lookup_elem(&conns, t); /* found: key of 'conns': bytes 13 to 15 of 't' */
	return count ? (int)*count : 0;
}
SEC("sockops")
int argument_key_global(struct bpf_sock_ops* skops) {
	struct tuple t;

	in_twin(__builtin_memset(&t, 0, sizeof(t)));
	t.saddr = skops->local_ip4;
	t.daddr = skops->remote_ip4;
	t.sport = skops->local_port;
	t.dport = 80;
	t.proto = 6;
	counted += count_of(&t);
	return 1;
}

/* A global one that fills. */
noinline int fill_event(struct event* e, struct bpf_sock_ops* skops) {
	if (!e)
		return 0;
	e->op = skops->op;
	e->port = skops->local_port;
	in_twin(*(__u64*)&e->length = 4);
	e->when = 5;
	return 0;
}
SEC("sockops")
int argument_value(struct bpf_sock_ops* skops) {
	struct event e;
	__u32 first = 0;

	fill_event(&e, skops);
	bpf_map_update_elem(&last, &first, &e, BPF_ANY); /* found: value of 'last': bytes 8 to 11 of 'e' */
	return 1;
}

static noinline void tell(const struct event* e) {
	bpf_ringbuf_output(&events, (void*)e, sizeof(*e), 0); /* found: record of 'events': bytes 8 to 15 of 'e' */
}
SEC("sockops")
int argument_record(struct bpf_sock_ops* skops) {
	struct event e;

	fill_event(&e, skops);
	tell(&e);
	return 1;
}

static noinline void begin_option(struct option* o) {
	o->kind = 254;
	o->length = sizeof(*o);
	o->magic = 0x9feb;
	in_twin(o->number = 7);
}
SEC("sockops")
int argument_option(struct bpf_sock_ops* skops) {
	struct option o;

	begin_option(&o);
	bpf_store_hdr_opt(skops, &o, sizeof(o), 0); /* found: header option: bytes 4 to 7 of 'o' */
	return 1;
}

struct limits {
	__u32 low, high;
};
__u32 low, high;
static noinline void sort(const struct limits* l) {
	if (l->low < l->high) { /* found: branch: bytes 4 to 7 of 'l' */
		low = l->low;
		high = l->high;
	}
}
SEC("sockops")
int argument_branch(struct bpf_sock_ops* skops) {
	struct limits l;

	l.low = skops->local_port;
	in_twin(l.high = 7);
	sort(unknown(&l));
	return 1;
}

static noinline int verdict_of(const __u32* verdict) { return *verdict & 1; }
SEC("sockops")
int argument_return(struct bpf_sock_ops* skops) {
	__u32 verdict;

	in_twin(verdict = 1);
	return verdict_of(unknown(&verdict)); /* found: return: 'verdict' */
}

/* Global, and what is returned is put together of two. */
noinline int sum_of(struct limits* l) {
	if (!l)
		return 0;
	return l->low + l->high;
}
SEC("sockops")
int argument_reply(struct bpf_sock_ops* skops) {
	struct limits l;

	l.low = skops->local_port;
	in_twin(l.high = 7);
	skops->reply = sum_of(&l); /* found: reply of the context: bytes 4 to 7 of 'l' */
	return 1;
}
