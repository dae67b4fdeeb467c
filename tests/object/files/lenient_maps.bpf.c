// SPDX-License-Identifier: MIT
// Declarations that libbpf or the kernel refuse, and other loaders take.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct event {
	__u64 op, port;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
	__type(value, struct event);
} ring SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 0);
	__type(key, __u32);
	__type(value, struct event);
} perf SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 4);
} bare_perf SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, 1 << 4);
} replaced SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, 2);
	__uint(of_some_loader, 7);
} global SEC(".maps");

SEC("sockops")
int sends(struct bpf_sock_ops *skops) {
	const struct event event = {skops->op, skops->local_port};
	const __u32 zero = 0;
	const __u64 value = 9;

	bpf_ringbuf_output(&ring, (void *)&event, sizeof(event), 0);
	bpf_perf_event_output(skops, &perf, BPF_F_CURRENT_CPU, (void *)&event, sizeof(event));
	bpf_map_update_elem(&replaced, &zero, &value, BPF_ANY);
	bpf_map_update_elem(&global, &zero, &value, BPF_ANY);
	return 1;
}
