/* SPDX-License-Identifier: MIT */
/* The kfuncs as functions of a process, and the loops that are made of them. A program that the kernel runs declares
 * each for itself: the declarations agree. */
#ifndef SOCKOPS_NATIVE_BPF_KFUNC_DEFS_H
#define SOCKOPS_NATIVE_BPF_KFUNC_DEFS_H

/* bpf_cast_to_kern_ctx() is here the context itself. */
struct bpf_iter_bits;
struct bpf_iter_num;
struct bpf_map;

void *bpf_cast_to_kern_ctx(void *ctx) SOCKOPS_HELPER(bpf_cast_to_kern_ctx);
void *bpf_rdonly_cast(const void *obj, __u32 btf_id) SOCKOPS_NO_HELPER(bpf_rdonly_cast);
int bpf_sock_ops_enable_tx_tstamp(struct bpf_sock_ops_kern *skops, __u64 flags)
	SOCKOPS_HELPER(bpf_sock_ops_enable_tx_tstamp);
void bpf_rcu_read_lock(void) SOCKOPS_HELPER(bpf_rcu_read_lock);
void bpf_rcu_read_unlock(void) SOCKOPS_HELPER(bpf_rcu_read_unlock);
void bpf_preempt_disable(void) SOCKOPS_HELPER(bpf_preempt_disable);
void bpf_preempt_enable(void) SOCKOPS_HELPER(bpf_preempt_enable);
void bpf_local_irq_save(unsigned long *flags) SOCKOPS_HELPER(bpf_local_irq_save);
void bpf_local_irq_restore(unsigned long *flags) SOCKOPS_HELPER(bpf_local_irq_restore);
__s64 bpf_map_sum_elem_count(const struct bpf_map *map) SOCKOPS_HELPER(bpf_map_sum_elem_count);

int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) SOCKOPS_HELPER(bpf_iter_num_new);
int *bpf_iter_num_next(struct bpf_iter_num *it) SOCKOPS_HELPER(bpf_iter_num_next);
void bpf_iter_num_destroy(struct bpf_iter_num *it) SOCKOPS_HELPER(bpf_iter_num_destroy);
int bpf_iter_bits_new(struct bpf_iter_bits *it, const __u64 *words, __u32 nr_words)
	SOCKOPS_HELPER(bpf_iter_bits_new);
int *bpf_iter_bits_next(struct bpf_iter_bits *it) SOCKOPS_HELPER(bpf_iter_bits_next);
void bpf_iter_bits_destroy(struct bpf_iter_bits *it) SOCKOPS_HELPER(bpf_iter_bits_destroy);

void *bpf_dynptr_slice(const struct bpf_dynptr *p, __u32 offset, void *buffer, __u32 size)
	SOCKOPS_HELPER(bpf_dynptr_slice);
int bpf_dynptr_adjust(const struct bpf_dynptr *p, __u32 start, __u32 end) SOCKOPS_HELPER(bpf_dynptr_adjust);
_Bool bpf_dynptr_is_null(const struct bpf_dynptr *p) SOCKOPS_HELPER(bpf_dynptr_is_null);
_Bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *p) SOCKOPS_HELPER(bpf_dynptr_is_rdonly);
__u32 bpf_dynptr_size(const struct bpf_dynptr *p) SOCKOPS_HELPER(bpf_dynptr_size);
int bpf_dynptr_clone(const struct bpf_dynptr *p, struct bpf_dynptr *clone) SOCKOPS_HELPER(bpf_dynptr_clone);
int bpf_dynptr_copy(struct bpf_dynptr *dst, __u32 dst_off, struct bpf_dynptr *src, __u32 src_off, __u32 size)
	SOCKOPS_HELPER(bpf_dynptr_copy);
int bpf_dynptr_memset(struct bpf_dynptr *p, __u32 offset, __u32 size, __u8 val) SOCKOPS_HELPER(bpf_dynptr_memset);
int bpf_probe_read_kernel_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from)
	SOCKOPS_HELPER(bpf_probe_read_kernel_dynptr);
int bpf_probe_read_kernel_str_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from)
	SOCKOPS_HELPER(bpf_probe_read_kernel_str_dynptr);
int bpf_probe_read_user_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from)
	SOCKOPS_HELPER(bpf_probe_read_user_dynptr);
int bpf_probe_read_user_str_dynptr(struct bpf_dynptr *dptr, __u32 off, __u32 size, const void *from)
	SOCKOPS_HELPER(bpf_probe_read_user_str_dynptr);

int bpf_strcmp(const char *s1, const char *s2) SOCKOPS_HELPER(bpf_strcmp);
int bpf_strcasecmp(const char *s1, const char *s2) SOCKOPS_HELPER(bpf_strcasecmp);
int bpf_strchr(const char *s, char c) SOCKOPS_HELPER(bpf_strchr);
int bpf_strchrnul(const char *s, char c) SOCKOPS_HELPER(bpf_strchrnul);
int bpf_strnchr(const char *s, unsigned long count, char c) SOCKOPS_HELPER(bpf_strnchr);
int bpf_strrchr(const char *s, int c) SOCKOPS_HELPER(bpf_strrchr);
int bpf_strlen(const char *s) SOCKOPS_HELPER(bpf_strlen);
int bpf_strnlen(const char *s, unsigned long count) SOCKOPS_HELPER(bpf_strnlen);
int bpf_strspn(const char *s, const char *accept) SOCKOPS_HELPER(bpf_strspn);
int bpf_strcspn(const char *s, const char *reject) SOCKOPS_HELPER(bpf_strcspn);
int bpf_strstr(const char *s1, const char *s2) SOCKOPS_HELPER(bpf_strstr);
int bpf_strnstr(const char *s1, const char *s2, unsigned long len) SOCKOPS_HELPER(bpf_strnstr);

#define bpf_ksym_exists(sym) 1

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
