// SPDX-License-Identifier: MIT
// Everything in global variables: a configuration that cannot be changed once loaded, counters that begin
// with other values than 0, and some that begin with 0.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

const volatile struct {
	__u16 port; // host order; 0: any
	__u8 flags;
	char greeting[10];
} settings = {.flags = BPF_SOCK_OPS_STATE_CB_FLAG, .greeting = "hello"};

__u64 balance = 1000; // .data
__s16 lowest = 100;
__u32 by_state[16]; // .bss
__u32 letters;
struct {
	__u32 active : 10;
	__u32 passive : 10;
	__u32 listening : 12;
} seen = {.listening = 5};
enum mood { calm, busy = 7, over = -1 };
enum mood mood = calm;
static volatile __u32 hidden;
__u32 shown;

static __u32 count_letters(void) {
	__u32 at, count = 0;

	for (at = 0; at < sizeof(settings.greeting); at++)
		if (settings.greeting[at])
			count++;
	return count;
}

static __u32 next_number(void) {
	static __u32 last = 40;

	return ++last;
}

SEC("sockops")
int globals(struct bpf_sock_ops* skops) {
	if (settings.port && skops->local_port != settings.port && bpf_ntohl(skops->remote_port) != settings.port)
		return 1;
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, settings.flags);
		letters = count_letters();
		seen.listening += skops->op == BPF_SOCK_OPS_TCP_LISTEN_CB;
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		seen.active++;
		mood = busy;
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		seen.passive++;
		break;
	case BPF_SOCK_OPS_STATE_CB:
		by_state[skops->args[1] & 15]++;
		if (skops->args[1] == BPF_TCP_CLOSE)
			mood = over;
		break;
	}
	balance -= skops->op;
	if (lowest > (__s16)(10 - skops->op))
		lowest = 10 - skops->op;
	hidden += 3;
	shown = hidden + next_number();
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
