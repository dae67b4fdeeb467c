// SPDX-License-Identifier: MIT
// Programs with a mistake each: the first counts ops in an array that has room for four of them, the second does
// not look at what a lookup gave; the third asks for a type of the kernel, which natively nobody has. The last has
// none: it declares helpers by itself.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u32 seen[4];

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} empty SEC(".maps");

SEC("sockops")
int overflows(struct bpf_sock_ops* skops) {
	seen[skops->op & 31]++;
	return 1;
}

SEC("sockops")
int follows(struct bpf_sock_ops* skops) {
	__u32 op = skops->op;
	__u32* count = bpf_map_lookup_elem(&empty, &op);

	*count += 1;
	return 1;
}

static void* (*tcp_sock_of)(void*) = (void*)BPF_FUNC_skc_to_tcp_sock;

SEC("sockops")
int asks_core(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;

	return sk && tcp_sock_of(sk);
}

static __u64 (*cookie_of)(void*) = (void*)BPF_FUNC_get_socket_cookie;
static long (*say)(const char* format, int size, ...) = (void*)BPF_FUNC_trace_printk;

SEC("sockops")
int by_number(struct bpf_sock_ops* skops) {
	const char format[] = "op %d of socket %d";

	say(format, sizeof(format), skops->op, cookie_of(skops) != 0);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
