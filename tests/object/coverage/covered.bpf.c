// SPDX-License-Identifier: MIT
// coverage_test.cpp has counted by hand how often each of these lines is run, by its number.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");

static __always_inline void count(__u32 op) {
	__u64 one = 1;
	__u64* seen = bpf_map_lookup_elem(&calls, &op);
	if (!seen)
		bpf_map_update_elem(&calls, &op, &one, BPF_ANY);
	else
		++*seen;
}

static __attribute__((noinline)) int in_turns(__u32 number) {
	for (__u32 i = 0; i < number; ++i)
		bpf_printk("turn %u", i);
	return number;
}

SEC("sockops")
int covered(struct bpf_sock_ops* skops) {
	count(skops->op);
	if (skops->op & 1)
		bpf_printk("odd");
	else
		bpf_printk("even %u", skops->op);
	if (skops->op == 77 && skops->args[0])
		bpf_printk("never");
	switch (skops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		bpf_printk("timeout %u %u", skops->op, in_turns(3));
		break;
	case BPF_SOCK_OPS_RWND_INIT:
		bpf_printk("window %u", in_turns(5));
		break;
	case BPF_SOCK_OPS_BASE_RTT:
		bpf_printk("base");
		break;
	}
	return 1;
}

SEC("sockops")
int second(struct bpf_sock_ops* skops) {
	count(skops->op + 100);
	return in_turns(1);
}

char LICENSE[] SEC("license") = "GPL";
