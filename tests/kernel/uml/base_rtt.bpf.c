// SPDX-License-Identifier: MIT
// Logs each call of the hook; asks for tcp_nv, or for another algorithm while tcp_nv asks, as told.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum { IPPROTO_TCP = 6, TCP_CONGESTION = 13 };

struct entry {
	__u32 op, state, setsockopt_result;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct entry);
} seen SEC(".maps");

struct settings {
	__u32 count;     // entries of `seen` so far
	__u32 set_nv_at; // the op that sets TCP_CONGESTION to nv; 0: none
	__u32 reenter;   // BASE_RTT tries to change it again
	__u32 reply;     // of BASE_RTT
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct settings);
} told SEC(".maps");

SEC("sockops") int log_calls(struct bpf_sock_ops *skops)
{
	char nv[] = "nv", reno[] = "reno";
	__u32 zero = 0;
	struct settings *with = bpf_map_lookup_elem(&told, &zero);
	if (!with)
		return 1;
	__u32 at = with->count++;
	struct entry entry = {skops->op, skops->state, 0};
	if (skops->op == BPF_SOCK_OPS_BASE_RTT) {
		if (with->reenter)
			entry.setsockopt_result = bpf_setsockopt(skops, IPPROTO_TCP, TCP_CONGESTION, reno, sizeof reno);
		skops->reply = with->reply;
	}
	if (with->set_nv_at && skops->op == with->set_nv_at)
		entry.setsockopt_result = bpf_setsockopt(skops, IPPROTO_TCP, TCP_CONGESTION, nv, sizeof nv);
	bpf_map_update_elem(&seen, &at, &entry, BPF_ANY);
	return 1;
}

char _license[] SEC("license") = "GPL";
