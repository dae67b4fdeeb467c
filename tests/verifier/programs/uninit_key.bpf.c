// SPDX-License-Identifier: MIT
// A key with padding that nobody wrote.
#include "asked.h"

struct k {
	__u8 f;
	__u32 a;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct k);
	__type(value, __u64);
} m SEC(".maps");

SEC("sockops")
int uninit_key(struct bpf_sock_ops* skops) {
	struct k k;
	k.f = skops->family;
	k.a = skops->remote_ip4;
	__u64 one = 1;
	bpf_map_update_elem(&m, &k, &one, 0);
	return 1;
}
