// SPDX-License-Identifier: MIT
// What is never done, as a constant says so, may be wrong.
#include "asked.h"

const volatile int wide = 0;

SEC("sockops")
int rodata_switch(struct bpf_sock_ops* skops) {
	if (wide)
		return *(volatile __u64*)((char*)skops + 24) ? 1 : 0;
	return 1;
}
