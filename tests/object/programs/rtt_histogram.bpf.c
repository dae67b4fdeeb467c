// SPDX-License-Identifier: MIT
// Round trip times: a histogram of all, in powers of two of microseconds, and for each socket how many it
// had.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct samples {
	__u32 count;
	__u32 least_us, most_us;
};
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct samples);
} samples SEC(".maps");

enum { buckets = 32 };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, buckets);
	__type(key, __u32);
	__type(value, __u64);
} histogram SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, __u32);
} samples_by_port SEC(".maps");

static __u32 log2_of(__u32 value) {
	__u32 result = 0;

	for (int step = 16; step; step >>= 1)
		if (value >> step) {
			value >>= step;
			result += step;
		}
	return result;
}

static void sample(struct bpf_sock_ops* skops, struct bpf_sock* sk) {
	__u32 rtt_us = skops->args[0], bucket = log2_of(rtt_us), port = skops->local_port;
	struct samples* own = bpf_sk_storage_get(&samples, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	__u64* count = bpf_map_lookup_elem(&histogram, &bucket);

	if (count)
		__sync_fetch_and_add(count, 1);
	if (!own)
		return;
	own->count++;
	if (!own->least_us || rtt_us < own->least_us)
		own->least_us = rtt_us;
	if (rtt_us > own->most_us)
		own->most_us = rtt_us;
	bpf_map_update_elem(&samples_by_port, &port, &own->count, BPF_ANY);
}

SEC("sockops")
int rtt_histogram(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk; // once: a second read is another value to a verifier

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RTT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG);
		break;
	case BPF_SOCK_OPS_RTT_CB:
		if (sk)
			sample(skops, sk);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (skops->args[1] == BPF_TCP_CLOSE && sk)
			bpf_sk_storage_delete(&samples, sk);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
