// SPDX-License-Identifier: MIT
// A name from .rodata into a record.
#include "asked.h"

struct e {
	__u32 op;
	char name[16];
};
const volatile char name[16] = "hello";

SEC("sockops")
int memcpy_const(struct bpf_sock_ops* skops) {
	struct e* e = bpf_ringbuf_reserve(&rb, sizeof *e, 0);
	if (!e)
		return 1;
	e->op = skops->op;
	for (int i = 0; i < 16; i++)
		e->name[i] = name[i];
	bpf_ringbuf_submit(e, 0);
	return 1;
}
