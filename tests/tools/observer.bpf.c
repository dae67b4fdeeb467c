// SPDX-License-Identifier: MIT
// Only counts, as many do; and spoils what others do: it returns 0, assigns the flags, and stores a reply of -1
// where it knows of none. Its names are those of other objects.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6
#define TCP_BPF_SNDCWND_CLAMP 1002

const volatile __u8 denies = 1;
__u32 connections;
__u64 most = 1ull << 60;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32);
	__type(key, __u32);
	__type(value, __u32);
} seen SEC(".maps"); // by op

SEC("sockops")
int observer(struct bpf_sock_ops* skops) {
	__u32 op = skops->op, *times = bpf_map_lookup_elem(&seen, &op);
	int clamp = 10;

	if (times)
		++*times;
	if (op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		connections++;
		bpf_setsockopt(skops, SOL_TCP, TCP_BPF_SNDCWND_CLAMP, &clamp, sizeof(clamp));
	}
	if (op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG);
	return !denies;
}

SEC("sockops")
int sample(struct bpf_sock_ops* skops) {
	skops->reply = -1;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
