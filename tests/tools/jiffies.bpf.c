// SPDX-License-Identifier: MIT
// Counts in a map that is pinned, by options of the kernel's configuration.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern unsigned CONFIG_HZ __kconfig;
extern unsigned CONFIG_NR_CPUS __kconfig;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} calls_by_cpus SEC(".maps");

SEC("sockops")
int jiffies(struct bpf_sock_ops *skops) {
	__u32 cpus = CONFIG_NR_CPUS;
	__u64 *calls, none = 0;

	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = CONFIG_HZ / 5;
	bpf_map_update_elem(&calls_by_cpus, &cpus, &none, BPF_NOEXIST);
	calls = bpf_map_lookup_elem(&calls_by_cpus, &cpus);
	if (calls)
		++*calls;
	return 1;
}
