// SPDX-License-Identifier: MIT
// Functions of all the types by which a global one is checked.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define tagged(tag) __attribute__((btf_decl_tag(tag)))

struct pair {
	__u32 first;
	__u64 second;
};
struct nowhere;
typedef const struct pair *pair_pointer;
typedef volatile int odd_number;
enum size { small, large };

__u64 sum;

__noinline int by_pointer(struct bpf_sock_ops *skops, pair_pointer pair, const __u64 *number, char (*text)[16],
						  const void *anything) {
	sum += skops->op + (pair ? pair->first : 0) + (number ? *number : 0) + (text ? (*text)[3] : 0) + !!anything;
	return 0;
}
__noinline __u8 by_number(enum size size, long number, odd_number odd, _Bool truth, struct nowhere *hidden) {
	sum += size + number + odd + truth + !!hidden;
	return 3;
}
__noinline long by_tag(struct pair *pair tagged("arg:nonnull"), void *context tagged("arg:ctx"), __u64 **plain,
						struct pair *other tagged("arg:trusted")) {
	sum += pair->first + !!context + !!plain + !!other;
	return 0;
}
__noinline void gives_nothing(__u32 number) { sum += number; }
__hidden __noinline int is_hidden(__u32 number) {
	sum += number;
	return 0;
}
static __noinline int is_static(__u32 number) {
	sum += number;
	return 0;
}

SEC("sockops")
int functions(struct bpf_sock_ops *skops) {
	struct pair pair = {1, 2};
	__u64 number = 3;
	char text[16] = "four";

	by_pointer(skops, &pair, &number, &text, skops);
	by_number(large, skops->op, 5, 1, 0);
	by_tag(&pair, skops, 0, 0);
	gives_nothing(skops->op);
	is_hidden(skops->op);
	is_static(skops->op);
	return 1;
}
