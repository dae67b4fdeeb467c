// SPDX-License-Identifier: MIT
// Steps that wait: in a queue, where the oldest makes room for a new one, and on a stack.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct step {
	__u32 number, op, state;
};
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 2);
	__type(value, struct step);
} queue SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 2);
	__type(value, struct step);
} stack SEC(".maps");

struct answers {
	__s32 pop_of_empty, peek_of_empty, wrong_flags, both_flags, high_flags;
	__s32 pushed, pushed_second, too_many, instead, peeked, popped, popped_second, popped_third;
	struct step nothing, seen, first, second, third;
};
struct answers of_queue, of_stack;

static __always_inline void walk(struct bpf_sock_ops* skops, void* map, struct answers* to) {
	struct step step = {7, 7, 7};

	to->pop_of_empty = bpf_map_pop_elem(map, &step);
	to->nothing = step;
	to->seen.number = 7;
	to->peek_of_empty = bpf_map_peek_elem(map, &to->seen);
	step.number = 1;
	step.op = skops->op;
	step.state = skops->state;
	to->wrong_flags = bpf_map_push_elem(map, &step, BPF_NOEXIST);
	to->both_flags = bpf_map_push_elem(map, &step, BPF_NOEXIST | BPF_EXIST);
	to->high_flags = bpf_map_push_elem(map, &step, 1ULL << 32);
	to->pushed = bpf_map_push_elem(map, &step, BPF_ANY);
	step.number = 2;
	to->pushed_second = bpf_map_push_elem(map, &step, BPF_EXIST);
	step.number = 3;
	to->too_many = bpf_map_push_elem(map, &step, BPF_ANY);
	to->instead = bpf_map_push_elem(map, &step, BPF_EXIST);
	to->peeked = bpf_map_peek_elem(map, &to->seen);
	to->popped = bpf_map_pop_elem(map, &step);
	to->first = step;
	to->popped_second = bpf_map_pop_elem(map, &to->second);
	to->third.number = 7;
	to->popped_third = bpf_map_pop_elem(map, &to->third);
}

SEC("sockops")
int queues(struct bpf_sock_ops* skops) {
	if (skops->op != BPF_SOCK_OPS_TCP_CONNECT_CB)
		return 1;
	walk(skops, &queue, &of_queue);
	walk(skops, &stack, &of_stack);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
