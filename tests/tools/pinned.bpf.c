// SPDX-License-Identifier: MIT
// Counts connections, and tells of them, in maps that are pinned: another object's too.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u32 op;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} events SEC(".maps");

static __attribute__((noinline)) void write_event(struct event *to, __u32 op) { to->op = op; }

SEC("sockops")
int count(struct bpf_sock_ops *skops) {
	__u64 *times, none = 0;
	struct event *made;
	__u32 op = skops->op;

	if (op != BPF_SOCK_OPS_TCP_CONNECT_CB)
		return 1;
	bpf_map_update_elem(&calls, &op, &none, BPF_NOEXIST);
	times = bpf_map_lookup_elem(&calls, &op);
	if (times)
		++*times;
	made = bpf_ringbuf_reserve(&events, sizeof(*made), 0);
	if (!made)
		return 1;
	write_event(made, op);
	bpf_ringbuf_submit(made, 0);
	return 1;
}
