// SPDX-License-Identifier: MIT
// What the programs here share. As it stands each leaves bytes unwritten, and a comment at the line where that is seen
// says what is found. With -DWRITTEN it is its own twin, which writes them: then nothing may be found.
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* What the twin does besides. */
#ifdef WRITTEN
#define in_twin(...) __VA_ARGS__
#else
#define in_twin(...)
#endif

#define noinline __attribute__((noinline))

#ifndef SOL_TCP
#define SOL_TCP 6
#endif
#define TCP_CONGESTION 13

/* A pointer of which the compiler does not know where it leads: so it takes nothing for unwritten, nor for known. */
#define unknown(pointer)                                                                                     \
	({                                                                                                       \
		typeof((pointer) + 0) unknown_ = (pointer);                                                           \
		asm volatile("" : "+r"(unknown_) : : "memory");                                                      \
		unknown_;                                                                                            \
	})
/* A number of which it knows nothing. */
#define opaque(number)                                                                                       \
	({                                                                                                       \
		__u64 opaque_ = (number);                                                                            \
		asm volatile("" : "+r"(opaque_));                                                                    \
		opaque_;                                                                                             \
	})

/* A connection's addresses, as many programs have them: three bytes behind proto are padding. */
struct tuple {
	__u32 saddr, daddr;
	__u16 sport, dport;
	__u8 proto;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct tuple);
	__type(value, __u64);
} conns SEC(".maps");

/* What is told of a connection: four bytes behind port are padding. */
struct event {
	__u32 op, port;
	__u32 length;
	__u64 when;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct event);
} last SEC(".maps");

/* Kind 254, its length, two bytes of magic, and a number. */
struct option {
	__u8 kind, length;
	__u16 magic;
	__u32 number;
};

/* Two ways that no compiler makes one of. */
volatile __u32 yes, no;
#define branch_on(condition) ((condition) ? (void)yes++ : (void)no++)

char _license[] SEC("license") = "Dual MIT/GPL";
