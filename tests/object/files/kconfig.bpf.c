// SPDX-License-Identifier: MIT
// Asks the kernel's configuration, by each kind of variable that may.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool LINUX_HAS_BPF_COOKIE __kconfig __weak;
extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig __weak;
extern int LINUX_HAS_SOMETHING_NEW __kconfig __weak;

extern unsigned CONFIG_HZ __kconfig;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_IPV6 __kconfig;
extern char CONFIG_CGROUP_BPF __kconfig;
extern long CONFIG_NR_CPUS __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[12] __kconfig;
extern unsigned short CONFIG_NO_SUCH_THING __kconfig __weak;

__u32 version, hz, ipv6, nothing = 7, something_new = 7;
__u64 cpus;
char cgroup_bpf, host[12];
_Bool bpf_syscall, cookie, wrapper;

SEC("sockops")
int asks(struct bpf_sock_ops *skops) {
	version = LINUX_KERNEL_VERSION;
	cookie = LINUX_HAS_BPF_COOKIE;
	wrapper = LINUX_HAS_SYSCALL_WRAPPER;
	something_new = LINUX_HAS_SOMETHING_NEW;
	hz = CONFIG_HZ;
	bpf_syscall = CONFIG_BPF_SYSCALL;
	ipv6 = CONFIG_IPV6;
	cgroup_bpf = CONFIG_CGROUP_BPF;
	cpus = CONFIG_NR_CPUS;
	__builtin_memcpy(host, CONFIG_DEFAULT_HOSTNAME, sizeof(host));
	nothing = CONFIG_NO_SUCH_THING;
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = CONFIG_HZ / 10; /* 100 ms */
	return 1;
}
