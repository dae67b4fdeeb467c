// SPDX-License-Identifier: MIT
// Times in jiffies, whatever the kernel's HZ is; and options that it may not have.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern const unsigned CONFIG_HZ __kconfig;
extern _Bool CONFIG_NO_SUCH_THING __kconfig __weak;
extern char CONFIG_NO_SUCH_TEXT[8] __kconfig __weak;

__u32 hz, is_6 = 7, asked, unset = 7, letters = 7;

SEC("sockops")
int kconfig(struct bpf_sock_ops *skops) {
	hz = CONFIG_HZ;
	is_6 = LINUX_KERNEL_VERSION >> 16 == 6;
	unset = CONFIG_NO_SUCH_THING;
	letters = (__u32)CONFIG_NO_SUCH_TEXT[0];
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT) {
		asked++;
		skops->reply = CONFIG_HZ / 2; /* half a second */
	}
	return 1;
}
