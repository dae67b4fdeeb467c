// SPDX-License-Identifier: MIT
// Loops by open-coded iterators: over numbers, over the bits of words, left early, nested, in a function, and
// by hand with the answers of bpf_iter_num_new(); and the sections that a program may open.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "kfuncs.h"

struct call {
	__u32 op;
	__u32 port; // local
};
struct loops {
	__u32 calls;
	__s32 sum_to_ten, negative, products, left_at, empty, above, most;
	__s32 bits, sum_of_bits, no_words, too_many_words;
	__u32 repeated, in_function, counted, in_sections;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct call);
	__type(value, struct loops);
} loops SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} ports SEC(".maps");

__u64 words[4] = {0x8000000000000001ull, 0, 0xf0, 1ull << 40};

/// Begins and ends one by hand.
static int answer(int start, int end, int *first) {
	struct bpf_iter_num it;
	int *next, error = bpf_iter_num_new(&it, start, end);

	*first = -1;
	next = bpf_iter_num_next(&it);
	if (next)
		*first = *next;
	bpf_iter_num_destroy(&it);
	return error;
}

static __attribute__((noinline)) __u32 squares_below(__u32 limit) {
	__u32 found = 0;
	int i;

	bpf_for(i, 0, 100) {
		if ((__u32)i * i >= limit)
			break;
		found++;
	}
	return found;
}

static void count_numbers(struct loops *to) {
	int i, k, first;

	bpf_for(i, 0, 10)
		to->sum_to_ten += i;
	bpf_for(i, -3, 2)
		to->negative += i;
	bpf_for(i, 0, 4)
		bpf_for(k, i, 4)
			to->products += i * k;
	bpf_for(i, 0, 1 << 20) {
		to->left_at = i;
		if (i == 1234)
			break;
	}
	to->empty = answer(7, 7, &first) * 100 + first;
	to->above = answer(8, 7, &first) * 100 + first;
	to->most = answer(-5, (1 << 23) - 5, &first) * 100 + first;
	to->most += answer(-5, (1 << 23) - 4, &first) * 10000 + first;
	bpf_repeat(77)
		to->repeated++;
}

static void count_bits(struct loops *to) {
	struct bpf_iter_bits it;
	int *bit;

	bpf_iter_bits_new(&it, words, 4);
	while ((bit = bpf_iter_bits_next(&it))) {
		to->bits++;
		to->sum_of_bits += *bit;
	}
	bpf_iter_bits_destroy(&it);
	to->no_words = bpf_iter_bits_new(&it, words, 0);
	if (bpf_iter_bits_next(&it))
		to->no_words = 1;
	bpf_iter_bits_destroy(&it);
	to->too_many_words = bpf_iter_bits_new(&it, words, 512);
	bpf_iter_bits_destroy(&it);
}

static void count_in_sections(struct loops *to) {
	unsigned long flags, inner;
	int i;

	bpf_rcu_read_lock();
	bpf_for(i, 0, 5)
		to->in_sections++;
	bpf_rcu_read_unlock();
	bpf_preempt_disable();
	bpf_preempt_disable();
	to->in_sections++;
	bpf_preempt_enable();
	bpf_preempt_enable();
	bpf_local_irq_save(&flags);
	bpf_local_irq_save(&inner);
	to->in_sections++;
	bpf_local_irq_restore(&inner);
	bpf_local_irq_restore(&flags);
}

SEC("sockops")
int iterators(struct bpf_sock_ops *skops) {
	struct call call = {skops->op, skops->local_port};
	struct loops none = {}, *to;
	__u32 one = 1;

	bpf_map_update_elem(&loops, &call, &none, BPF_NOEXIST);
	to = bpf_map_lookup_elem(&loops, &call);
	if (!to)
		return 1;
	to->calls++;
	count_numbers(to);
	count_bits(to);
	count_in_sections(to);
	to->in_function = squares_below(50);
	bpf_map_update_elem(&ports, &call.op, &one, BPF_ANY);
	to->counted = bpf_map_sum_elem_count((void *)&ports) > 0;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
