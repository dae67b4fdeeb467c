// SPDX-License-Identifier: MIT
// Work spread over functions that are not inlined: static ones with pointers into the caller's stack, and
// global ones that take numbers.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

struct digest {
	__u64 sum;
	__u32 calls, deepest;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32); // by op
	__type(key, __u32);
	__type(value, struct digest);
} digests SEC(".maps");

/* Of a global function the verifier knows nothing but its types. */
__noinline int mix(__u32 a, __u32 b, __u32 c, __u32 d) {
	__u32 value = a;

	value = (value << 5 | value >> 27) ^ b;
	value = (value << 5 | value >> 27) ^ c;
	value = (value << 5 | value >> 27) ^ d;
	return value & 0x7fffffff;
}

__noinline int mix_of_args(struct bpf_sock_ops* skops, __u32 salt) {
	/* The sequence number and the time would not be the same twice. */
	if (skops->op == BPF_SOCK_OPS_RETRANS_CB || skops->op == BPF_SOCK_OPS_RTT_CB)
		return mix(salt, 0, skops->op, 0);
	return mix(skops->args[0], skops->args[1], skops->args[2], salt);
}

static __noinline void add(struct digest* to, __u32 value, __u32 depth) {
	to->sum += value;
	if (to->deepest < depth)
		to->deepest = depth;
}

static __noinline int digest_of(struct bpf_sock_ops* skops, struct digest* to) {
	__u32 words[4] = {skops->op, skops->state, skops->is_fullsock, skops->family};
	__u32 at;

	for (at = 0; at < 4; at++)
		add(to, mix(words[at], at, 7, 9), 2);
	add(to, mix_of_args(skops, words[1]), 3);
	return to->deepest == 3;
}

SEC("sockops")
int subprograms(struct bpf_sock_ops* skops) {
	__u32 op = skops->op;
	struct digest now = {}, *kept = bpf_map_lookup_elem(&digests, &op);

	if (!kept)
		return 1;
	now = *kept;
	now.calls++;
	if (!digest_of(skops, &now))
		return 1;
	*kept = now;
	if (op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
