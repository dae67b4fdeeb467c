// SPDX-License-Identifier: MIT
// Programs of several types and sections, a map that is pinned, one that the library has not, and tail calls.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, __u32);
	__type(value, __u64);
} a_name_longer_than_a_kernel_keeps SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

int by_tail_call(struct bpf_sock_ops *skops);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int(void *));
} steps SEC(".maps") = {
	.values = {[1] = (void *)&by_tail_call},
};

static void add(__u64 what) {
	const __u32 zero = 0;
	__u64 *slot = bpf_map_lookup_elem(&a_name_longer_than_a_kernel_keeps, &zero);

	if (slot)
		*slot += what;
}

SEC("sockops/entry")
int entry(struct bpf_sock_ops *skops) {
	add(1);
	bpf_perf_event_output(skops, &perf, BPF_F_CURRENT_CPU, &skops, sizeof(skops));
	bpf_tail_call(skops, &steps, 1);
	add(1000);
	return 1;
}

SEC("sock_ops/by_tail_call")
int by_tail_call(struct bpf_sock_ops *skops) {
	add(10 + skops->op);
	return 1;
}

SEC("?sockops")
int optional(struct bpf_sock_ops *skops) { return skops->op != 0; }

SEC("xdp")
int drop(struct xdp_md *context) {
	return context->data == 0 ? XDP_DROP : bpf_redirect_map(&devices, 0, 0);
}
