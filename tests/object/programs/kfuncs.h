// SPDX-License-Identifier: MIT
// Kfuncs as programs declare them, and the loops of newer versions of libbpf's headers.
#pragma once

#ifndef VMLINUX_H
// In <linux/bpf.h> since 6.4 and 6.11.
struct bpf_iter_num {
	__u64 __opaque[1];
} __attribute__((aligned(8)));
struct bpf_iter_bits {
	__u64 __opaque[2];
} __attribute__((aligned(8)));
struct bpf_map {};
#endif

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __weak;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;
extern int bpf_iter_bits_new(struct bpf_iter_bits *it, const __u64 *words, __u32 nr_words) __ksym;
extern int *bpf_iter_bits_next(struct bpf_iter_bits *it) __ksym;
extern void bpf_iter_bits_destroy(struct bpf_iter_bits *it) __ksym;

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;
extern __s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym;

extern void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u32 offset, void *buffer, __u32 size) __ksym;
extern int bpf_dynptr_adjust(const struct bpf_dynptr *p, __u32 start, __u32 end) __ksym;
extern _Bool bpf_dynptr_is_null(const struct bpf_dynptr *p) __ksym;
extern _Bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *p) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *p) __ksym;
extern int bpf_dynptr_clone(const struct bpf_dynptr *p, struct bpf_dynptr *clone) __ksym;
extern int bpf_dynptr_copy(struct bpf_dynptr *dst, __u32 dst_off, struct bpf_dynptr *src, __u32 src_off,
						   __u32 size) __ksym;
extern int bpf_dynptr_memset(struct bpf_dynptr *p, __u32 offset, __u32 size, __u8 val) __ksym;
extern int bpf_probe_read_kernel_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from) __ksym;
extern int bpf_probe_read_kernel_str_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size,
											const void *from) __ksym;
extern int bpf_probe_read_user_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from) __ksym;
extern int bpf_probe_read_user_str_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from) __ksym;

extern int bpf_strcmp(const char *s1, const char *s2) __ksym;
extern int bpf_strcasecmp(const char *s1, const char *s2) __ksym;
extern int bpf_strchr(const char *s, char c) __ksym;
extern int bpf_strchrnul(const char *s, char c) __ksym;
extern int bpf_strnchr(const char *s, unsigned long count, char c) __ksym;
extern int bpf_strrchr(const char *s, int c) __ksym;
extern int bpf_strlen(const char *s) __ksym;
extern int bpf_strnlen(const char *s, unsigned long count) __ksym;
extern int bpf_strspn(const char *s, const char *accept) __ksym;
extern int bpf_strcspn(const char *s, const char *reject) __ksym;
extern int bpf_strstr(const char *s1, const char *s2) __ksym;
extern int bpf_strnstr(const char *s1, const char *s2, unsigned long len) __ksym;

// The iterator is destroyed however the loop is left.
#ifndef bpf_for
#define bpf_for(i, start, end)                                                                               \
	for (struct bpf_iter_num own_it __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))),             \
		 *own_begun __attribute__((unused)) =                                                               \
			 (bpf_iter_num_new(&own_it, (start), (end)), (void)bpf_iter_num_destroy, (void *)0);            \
		 ({                                                                                                  \
			 int *own_next = bpf_iter_num_next(&own_it);                                                    \
			 own_next && ((i) = *own_next, (i) >= (start) && (i) < (end));                                   \
		 });)
#endif
#ifndef bpf_repeat
#define bpf_repeat(times)                                                                                    \
	for (struct bpf_iter_num own_it __attribute__((aligned(8), cleanup(bpf_iter_num_destroy))),             \
		 *own_begun __attribute__((unused)) =                                                               \
			 (bpf_iter_num_new(&own_it, 0, (times)), (void)bpf_iter_num_destroy, (void *)0);                \
		 bpf_iter_num_next(&own_it);)
#endif
