/* SPDX-License-Identifier: MIT */
/* The loops that are made of iterators, for programs that the machine's own compiler compiles. */
#ifndef SOCKOPS_NATIVE_BPF_LOOPS_H
#define SOCKOPS_NATIVE_BPF_LOOPS_H

/* Nothing has to be given back: the loops leave as they like. */
#ifndef bpf_for
#define bpf_for(i, start, end)                                                                               \
	for (__u64 sockops_numbers = 0,                                                                          \
			   sockops_begun = (__u64)bpf_iter_num_new((void *)&sockops_numbers, (start), (end));            \
		 ({                                                                                                  \
			 int *sockops_next = bpf_iter_num_next((void *)&sockops_numbers);                                \
			 (void)sockops_begun;                                                                            \
			 sockops_next && ((i) = *sockops_next, (void)(i), 1);                                                       \
		 });)
#endif
#ifndef bpf_repeat
#define bpf_repeat(times)                                                                                    \
	for (__u64 sockops_numbers = 0,                                                                          \
			   sockops_begun = (__u64)bpf_iter_num_new((void *)&sockops_numbers, 0, (times));                \
		 (void)sockops_begun, bpf_iter_num_next((void *)&sockops_numbers);)
#endif
#ifndef bpf_for_each
#define bpf_for_each(type, cur, args...)                                                                     \
	for (struct bpf_iter_##type sockops_each,                                                                \
		 *sockops_begun = (bpf_iter_##type##_new(&sockops_each, ##args), (void *)0);                         \
		 (void)sockops_begun, ((cur) = bpf_iter_##type##_next(&sockops_each));)
#endif

#endif
