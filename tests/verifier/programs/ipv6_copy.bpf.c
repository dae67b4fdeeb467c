// SPDX-License-Identifier: MIT
// The four words of an address, copied into a key.
#include "asked.h"

struct k {
	__u32 a[4];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct k);
	__type(value, __u64);
} byip SEC(".maps");

SEC("sockops")
int ipv6_copy(struct bpf_sock_ops* skops) {
	struct k k;
#pragma unroll
	for (int i = 0; i < 4; i++)
		k.a[i] = skops->remote_ip6[i];
	__u64 one = 1;
	bpf_map_update_elem(&byip, &k, &one, 0);
	return 1;
}
