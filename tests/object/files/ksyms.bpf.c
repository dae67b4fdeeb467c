// SPDX-License-Identifier: MIT
// Externs of the kernel: by its definitions, one object of each kind.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct bpf_iter_num {
	__u64 __opaque[1];
} __attribute__((aligned(8)));
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __weak;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;

#if defined NOT_HERE // that a SOCK_OPS program may call in a kernel
extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
#define EXTERN bpf_obj_new_impl(1, 0)
#elif defined OF_OTHERS
extern void bpf_crypto_ctx_release(void *ctx) __ksym;
#define EXTERN (bpf_crypto_ctx_release(0), 1)
#elif defined NOWHERE
extern int bpf_walk_the_dog(int times) __ksym;
#define EXTERN bpf_walk_the_dog(3)
#elif defined OTHERWISE
extern int bpf_strlen(int s) __ksym;
#define EXTERN bpf_strlen(3)
#elif defined VARIABLE
extern const int bpf_prog_active __ksym;
#define EXTERN bpf_prog_active
#elif defined SYMBOL
extern const void jiffies __ksym;
#define EXTERN (__u64)&jiffies > 5
#elif defined WEAK
extern void *bpf_obj_new_impl(__u64 type, void *meta) __ksym __weak;
extern const int bpf_prog_active __ksym __weak;
extern const void jiffies __ksym __weak;
#define EXTERN 1
#endif

__u32 has_iterators, has_objects, has_variable, has_symbol, sum;

static void count(void) {
	struct bpf_iter_num it;
	int *next;

	if (!bpf_iter_num_new) // bpf_ksym_exists() of newer headers
		return;
	has_iterators = 1;
	bpf_iter_num_new(&it, 0, 10);
	while ((next = bpf_iter_num_next(&it)))
		sum += *next;
	bpf_iter_num_destroy(&it);
}

SEC("sockops")
int ksyms(struct bpf_sock_ops *skops) {
	count();
#ifdef WEAK
	if (bpf_obj_new_impl) {
		has_objects = 1;
		bpf_obj_new_impl(1, 0);
	}
	has_variable = &bpf_prog_active ? 1 : 0;
	has_symbol = &jiffies ? 1 : 0;
#endif
	return (EXTERN) && skops->op < 100;
}
