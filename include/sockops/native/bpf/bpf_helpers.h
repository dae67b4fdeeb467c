/* SPDX-License-Identifier: MIT */
/* <bpf/bpf_helpers.h> for BPF programs in C that the machine's own compiler compiles (cmake/native_program.cmake):
 * the same names, with a meaning in a process. */
#ifndef SOCKOPS_NATIVE_BPF_HELPERS_H
#define SOCKOPS_NATIVE_BPF_HELPERS_H

/* Who includes this has included <linux/bpf.h> or <linux/types.h> before, as with libbpf's. */
#include <bpf/bpf_helper_defs.h>

#include "bpf_loops.h"

#define bpf_ksym_exists(sym) 1

/* Members of a map's definition. What they say is read from the object that is compiled beside; here they only
 * make the variable large enough for the pointer to the map that it holds. */
#define __uint(name, val) int(*name)[val]
#define __type(name, val) __typeof__(val) *name
#define __array(name, val) __typeof__(val) *name[]

/* Sections have no meaning here, but what stands in one is used from outside. */
#define SEC(name) __attribute__((used))
#define __kconfig
#define __ksym
#define __kptr
#define __kptr_ref

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#ifndef __hidden
#define __hidden __attribute__((visibility("hidden")))
#endif

#ifndef NULL
#define NULL ((void *)0)
#endif
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(major, minor, patch)                                                                  \
	(((major) << 16) + ((minor) << 8) + ((patch) < 255 ? (patch) : 255))
#endif
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif
#ifndef container_of
#define container_of(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))
#endif

#ifndef barrier
#define barrier() __asm__ volatile("" ::: "memory")
#endif
#ifndef barrier_var
#define barrier_var(var) __asm__ volatile("" : "+r"(var))
#endif
#ifndef __bpf_unreachable
#define __bpf_unreachable() __builtin_trap()
#endif

#define bpf_tail_call_static(ctx, map, slot) bpf_tail_call(ctx, map, slot)

enum libbpf_pin_type { LIBBPF_PIN_NONE, LIBBPF_PIN_BY_NAME };
enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

/* Arguments of a format, each as a 64-bit word: SOCKOPS_WORDS(a, b) is "(…)(a), (…)(b), 0". */
#define SOCKOPS_WORD(x) (unsigned long long)(x),
#define SOCKOPS_WORDS_0()
#define SOCKOPS_WORDS_1(x) SOCKOPS_WORD(x)
#define SOCKOPS_WORDS_2(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_1(__VA_ARGS__)
#define SOCKOPS_WORDS_3(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_2(__VA_ARGS__)
#define SOCKOPS_WORDS_4(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_3(__VA_ARGS__)
#define SOCKOPS_WORDS_5(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_4(__VA_ARGS__)
#define SOCKOPS_WORDS_6(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_5(__VA_ARGS__)
#define SOCKOPS_WORDS_7(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_6(__VA_ARGS__)
#define SOCKOPS_WORDS_8(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_7(__VA_ARGS__)
#define SOCKOPS_WORDS_9(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_8(__VA_ARGS__)
#define SOCKOPS_WORDS_10(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_9(__VA_ARGS__)
#define SOCKOPS_WORDS_11(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_10(__VA_ARGS__)
#define SOCKOPS_WORDS_12(x, ...) SOCKOPS_WORD(x) SOCKOPS_WORDS_11(__VA_ARGS__)
#define SOCKOPS_PICK(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, ...) n
#define SOCKOPS_COUNT(...) SOCKOPS_PICK(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SOCKOPS_PASTE(a, b) a##b
#define SOCKOPS_APPLY(macro, n) SOCKOPS_PASTE(macro, n)
#define SOCKOPS_WORDS(...) SOCKOPS_APPLY(SOCKOPS_WORDS_, SOCKOPS_COUNT(__VA_ARGS__))(__VA_ARGS__) 0

/* By these names of libbpf's own some programs make macros like those below. */
#define ___bpf_narg(args...) SOCKOPS_COUNT(args)
#define ___bpf_fill(words, args...)                                                                          \
	__builtin_memcpy(words, (unsigned long long[]){SOCKOPS_WORDS(args)}, sizeof(words))

#define BPF_SNPRINTF(out, out_size, fmt, args...)                                                            \
	({                                                                                                       \
		static const char sockops_fmt[] = fmt;                                                               \
		unsigned long long sockops_words[] = {SOCKOPS_WORDS(args)};                                          \
		bpf_snprintf(out, out_size, sockops_fmt, sockops_words, SOCKOPS_COUNT(args) * 8);                    \
	})

/* The kernel's helper has registers for three arguments, whether a program passes them or not. */
#define bpf_trace_printk(fmt, fmt_size, args...)                                                             \
	({                                                                                                       \
		unsigned long long sockops_words[4] = {SOCKOPS_WORDS(args)};                                         \
		bpf_trace_vprintk(fmt, fmt_size, sockops_words, 24);                                                 \
	})

#define bpf_printk(fmt, args...)                                                                             \
	({                                                                                                       \
		static const char sockops_fmt[] = fmt;                                                               \
		unsigned long long sockops_words[] = {SOCKOPS_WORDS(args)};                                          \
		bpf_trace_vprintk(sockops_fmt, sizeof(sockops_fmt), sockops_words, SOCKOPS_COUNT(args) * 8);         \
	})

#endif
