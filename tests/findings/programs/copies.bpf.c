// SPDX-License-Identifier: MIT
// A copy is as good as what was copied, and nobody has looked at it yet.
#include "planted.h"

__u64 sum;

static __always_inline void fill(struct event* e, struct bpf_sock_ops* skops) {
	in_twin(__builtin_memset(e, 0, sizeof(*e)));
	e->op = skops->op;
	e->port = skops->local_port;
	e->length = 8;
	e->when = 5;
}
static noinline void copy(struct event* to, const struct event* from) { *to = *from; }

/* Padding goes along, and only members are looked at. */
SEC("sockops")
int members_of_a_copy(struct bpf_sock_ops* skops) {
	struct event e, other;

	fill(&e, skops);
	copy(&other, unknown(&e));
	branch_on(unknown(&other)->port == 7 || unknown(&other)->when == 5);
	bpf_ringbuf_output(&events, &unknown(&other)->when, 8, 0);
	return 1;
}
SEC("sockops")
int a_copy_as_a_whole(struct bpf_sock_ops* skops) {
	struct event e, other;

	fill(&e, skops);
	copy(&other, unknown(&e));
	bpf_ringbuf_output(&events, unknown(&other), sizeof(other), 0); /* found: record of 'events': bytes 12 to 15 of 'other' */
	return 1;
}
SEC("sockops")
int a_copy_in_a_map(struct bpf_sock_ops* skops) {
	__u32 third = 2;
	struct event e, *kept = bpf_map_lookup_elem(&last, &third);

	if (!kept)
		return 1;
	fill(&e, skops);
	copy(kept, unknown(&e));
	branch_on(kept->port == 7);
	bpf_ringbuf_output(&events, kept, sizeof(*kept), 0); /* found: record of 'events': bytes 12 to 15 */
	return 1;
}
SEC("sockops")
int a_copy_in_a_record(struct bpf_sock_ops* skops) {
	struct event e, *r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);

	if (!r)
		return 1;
	fill(&e, skops);
	copy(r, unknown(&e));
	bpf_ringbuf_submit(r, 0); /* found: record: bytes 12 to 15 */
	return 1;
}
/* What is overwritten afterwards is written. */
SEC("sockops")
int mended_after_the_copy(struct bpf_sock_ops* skops) {
	struct event e, other;

	fill(&e, skops);
	copy(&other, unknown(&e));
	(&unknown(&other)->length)[1] = 0;
	bpf_ringbuf_output(&events, unknown(&other), sizeof(other), 0);
	return 1;
}
/* And what is copied over with unwritten bytes is not. */
SEC("sockops")
int spoiled_by_a_copy(struct bpf_sock_ops* skops) {
	struct event e, other;

	__builtin_memset(unknown(&other), 0, sizeof(other));
	fill(&e, skops);
	copy(&other, unknown(&e));
	bpf_ringbuf_output(&events, unknown(&other), sizeof(other), 0); /* found: record of 'events': bytes 12 to 15 of 'other' */
	return 1;
}
/* An initialiser writes all of it. */
SEC("sockops")
int initialised(struct bpf_sock_ops* skops) {
	struct event e = {};

	e.op = skops->op;
	bpf_ringbuf_output(&events, &e, sizeof(e), 0);
	return 1;
}
union number {
	__u8 byte;
	__u16 half;
	__u32 word;
};
SEC("sockops")
int through_another_member_of_a_union(struct bpf_sock_ops* skops) {
	union number n;

	in_twin(n.word = 0);
	unknown(&n)->half = 7;
	branch_on(unknown(&n)->byte == 7);
	branch_on(unknown(&n)->word == 7); /* found: branch: bytes 2 to 3 of 'n' */
	return 1;
}
/* A word that is never looked at may be anything. */
static noinline __u64 first_of(__u64 first, __u64 second) { return opaque(first); }
SEC("sockops")
int handed_on_and_not_used(struct bpf_sock_ops* skops) {
	__u64 word;

	branch_on(first_of(7, *(volatile __u64*)unknown(&word)) == 7);
	return 1;
}
/* Chosen only where it is written. */
SEC("sockops")
int chosen_where_it_is_written(struct bpf_sock_ops* skops) {
	__u32 word;
	int is_there = skops->local_port == 4242;

	if (is_there)
		*unknown(&word) = 9;
	word = *(volatile __u32*)unknown(&word);
	branch_on(opaque(is_there) && opaque(word) == 9);
	return 1;
}
/* The first `count` of an array are written, and as many given away. */
SEC("sockops")
int as_many_as_are_written(struct bpf_sock_ops* skops) {
	__u32 words[8], count = opaque(5) & 7;

	for (__u32 i = 0; i < 8; i++) {
		if (i == count)
			break;
		unknown(words)[i] = i;
	}
	bpf_ringbuf_output(&events, words, count * 4, 0);
	return 1;
}
SEC("sockops")
int one_more_than_are_written(struct bpf_sock_ops* skops) {
	__u32 words[8], count = opaque(5) & 7;

	in_twin(__builtin_memset(words, 0, sizeof(words)));
	for (__u32 i = 0; i < 8; i++) {
		if (i == count)
			break;
		unknown(words)[i] = i;
	}
	bpf_ringbuf_output(&events, words, count * 4 + 4, 0); /* found: record of 'events': bytes 20 to 23 of 'words' */
	return 1;
}
/* How far it is counted. */
SEC("sockops")
int loop_to_what_is_not_written(struct bpf_sock_ops* skops) {
	__u32 count;

	in_twin(count = 2);
	count = *(volatile __u32*)unknown(&count) & 3;
	for (__u32 i = 0; i < 3; i++) { /* found: branch */
		if (i == count)
			break;
		yes++;
	}
	return 1;
}
/* Each second word of an array. */
SEC("sockops")
int with_holes(struct bpf_sock_ops* skops) {
	__u32 words[6];

	in_twin(__builtin_memset(words, 0, sizeof(words)));
	for (__u32 i = 0; i < 6; i += 2)
		unknown(words)[i] = i;
	bpf_ringbuf_output(&events, words, sizeof(words), 0); /* found: record of 'events': bytes 4 to 7 */
	return 1;
}
