// SPDX-License-Identifier: MIT
// Variables of each section, compiled without BTF, too.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u16 step = 3;
__u64 total = 40;
__u32 calls;
static volatile __u8 hidden = 1;

static __attribute__((noinline)) int twice(int what) { return 2 * what + hidden; }

SEC("sockops")
int a_program_with_a_longer_name(struct bpf_sock_ops *skops) {
	total += step;
	calls = calls + 1;
	skops->reply = twice(skops->op);
	return 1;
}
