// SPDX-License-Identifier: MIT
// Frames: of a function that was called before, of a program that was left by a tail call, of callbacks.
#include "planted.h"

__u64 sum;

int tail_called(struct bpf_sock_ops* skops);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, int(void*));
} programs SEC(".maps") = {.values = {(void*)&tail_called}};

/* What a function left in its frame is nobody's. */
static noinline __u32 written_by(void) {
	__u32 words[4];

	for (__u32 i = 0; i < 4; i++)
		unknown(words)[i] = i + 1;
	return *(volatile __u32*)unknown(&words[2]);
}
static noinline __u32 left_to(void) {
	__u32 words[4];

	in_twin(__builtin_memset(words, 0, sizeof(words)));
	return *(volatile __u32*)unknown(&words[2]);
}
SEC("sockops")
int frame_of_the_function_before(struct bpf_sock_ops* skops) {
	branch_on(written_by() == 3);
	branch_on(left_to() == 3); /* found: branch: bytes 8 to 11 of 'words' */
	return 1;
}

/* The program that is gone on with has a frame of its own, too, though it is the same memory. */
SEC("sockops")
int tail_called(struct bpf_sock_ops* skops) {
	__u64 words[8];

	in_twin(__builtin_memset(words, 0, sizeof(words)));
	bpf_ringbuf_output(&events, unknown(words), sizeof(words), 0); /* found: record of 'events': 'words' */
	return 1;
}
SEC("sockops")
int tail_calls(struct bpf_sock_ops* skops) {
	__u64 words[8];

	for (__u32 i = 0; i < 8; i++)
		unknown(words)[i] = i;
	bpf_tail_call(skops, &programs, 0);
	return 0;
}

/* An array that a callback fills, all of it or less. */
struct filling {
	__u32 words[4];
	__u32 until;
};
static int fill(__u32 index, struct filling* f) {
	if (index == f->until)
		return 1;
	f->words[index & 3] = index;
	return 0;
}
SEC("sockops")
int filled_by_a_callback(struct bpf_sock_ops* skops) {
	struct filling f;

	f.until = 4;
	bpf_loop(4, fill, &f, 0);
	bpf_ringbuf_output(&events, &f, sizeof(f), 0);
	return 1;
}
SEC("sockops")
int filled_in_part_by_a_callback(struct bpf_sock_ops* skops) {
	struct filling f;

	in_twin(__builtin_memset(&f, 0, sizeof(f)));
	f.until = 3;
	bpf_loop(4, fill, &f, 0);
	bpf_ringbuf_output(&events, &f, sizeof(f), 0); /* found: record of 'events': bytes 12 to 15 of 'f' */
	return 1;
}
/* A callback's own frame is new each time. */
static int remembers(__u32 index, void* context) {
	__u32 kept;

	in_twin(kept = 0);
	if (index == 0)
		*unknown(&kept) = 1;
	branch_on(*(volatile __u32*)unknown(&kept) == 1); /* found: branch: 'kept' */
	return 0;
}
SEC("sockops")
int frame_of_a_callback(struct bpf_sock_ops* skops) {
	bpf_loop(2, remembers, 0, 0);
	return 1;
}

/* Keys and values that a callback is shown are the map's. */
struct bpf_map;
static long look_at(struct bpf_map* map, __u32* key, struct event* value, __u64* total) {
	if (*key != 3 && value->length != 9)
		*total += *key + value->when;
	return 0;
}
SEC("sockops")
int shown_to_a_callback(struct bpf_sock_ops* skops) {
	__u64 total = 0;

	bpf_for_each_map_elem(&last, look_at, &total, 0);
	sum += total;
	return total != 77;
}

/* How often a loop goes round. */
static int count(__u32 index, void* context) {
	sum++;
	return 0;
}
SEC("sockops")
int number_of_rounds(struct bpf_sock_ops* skops) {
	__u32 rounds;

	in_twin(rounds = 3);
	bpf_loop(*unknown(&rounds) & 3, count, 0, 0); /* found: 'nr_loops' of bpf_loop(): 'rounds' */
	return 1;
}

/* Registers that a function saves for its caller, and words over words. */
static noinline __u64 deep(__u64 a, __u64 b, __u64 c, __u64 d) {
	__u64 e = opaque(a), f = opaque(b), g = opaque(c), h = opaque(d);

	sum += bpf_jiffies64() & 1;
	return opaque(e) + opaque(f) + opaque(g) + opaque(h);
}
SEC("sockops")
int registers_over_calls(struct bpf_sock_ops* skops) {
	__u64 a = skops->op, b = skops->local_port, c = skops->family, d = skops->state, e = skops->mss_cache;

	sum += deep(opaque(a), opaque(b), opaque(c), opaque(d));
	sum += deep(opaque(e), opaque(d), opaque(b), opaque(a));
	if (opaque(a) + opaque(b) + opaque(c) + opaque(d) + opaque(e) == sum)
		skops->reply = sum;
	return sum != 1;
}
