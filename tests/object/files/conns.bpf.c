// SPDX-License-Identifier: MIT
// A program with everything that global(), map() and records() look at.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum phase { PHASE_NONE, PHASE_CONNECTING = 3, PHASE_DONE = 7 };

struct conn {
	__u64 packets;
	struct {
		__u16 port;
		__u8 flags : 3, retries : 5;
	} peer;
	union {
		__u32 word;
		__u8 byte[4];
	};
	enum phase phase;
	_Bool seen;
	char name[8];
	int delta;
};

struct event {
	__u32 op;
	__u32 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct conn);
} conns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} calls_by_cpu SEC(".maps");

const volatile __u16 target_port = 80;
const volatile struct event expected = {.op = 4, .port = 1};
__u64 calls;
__s32 offset = -5;
static volatile __u32 hidden = 42;
static volatile __u32 hidden_too = 43;

SEC("sockops")
int tune(struct bpf_sock_ops *skops) {
	const __u32 key = skops->local_port, zero = 0;
	struct conn fresh = {.packets = 1, .delta = -3, .phase = PHASE_CONNECTING, .seen = 1, .name = "abc"};
	struct event *event;
	__u64 *per_cpu;

	++calls;
	per_cpu = bpf_map_lookup_elem(&calls_by_cpu, &zero);
	if (per_cpu)
		++*per_cpu;
	fresh.peer.port = target_port;
	fresh.peer.flags = 5;
	fresh.peer.retries = 17;
	fresh.word = hidden + hidden_too + offset;
	bpf_map_update_elem(&conns, &key, &fresh, BPF_ANY);
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 1;
	event->op = skops->op;
	event->port = key;
	bpf_ringbuf_submit(event, 0);
	return 1;
}
