// SPDX-License-Identifier: MIT
// A time-out of 100 ms, whatever the HZ.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern unsigned CONFIG_HZ __kconfig;

SEC("sockops")
int timeout(struct bpf_sock_ops *skops) {
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = CONFIG_HZ / 10;
	return 1;
}
