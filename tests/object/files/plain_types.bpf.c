// SPDX-License-Identifier: MIT
// Types without pointers, relocated: one that nobody else knows, and one whose layout everybody knows.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct lane {
	__u8 number;
	struct {
		__u32 cars[3];
	} waiting;
};
struct road___other {
	__u32 bicycles;
};
struct tcphdr {
	__u32 seq;
	__be16 dest;
	__be16 source;
};
#pragma clang attribute pop

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lane);
} lanes SEC(".maps");

__u32 cars, has_other, port;

SEC("sockops")
int plain_types(struct bpf_sock_ops *skops) {
	/* a header as it is on the wire: ports 80 and 443 */
	unsigned char bytes[20] = {0, 80, 1, 187};
	struct tcphdr *header = (struct tcphdr *)bytes;
	__u32 zero = 0;
	struct lane *first = bpf_map_lookup_elem(&lanes, &zero);

	if (!first)
		return 1;
	first->waiting.cars[2] = 7;
	cars = first->waiting.cars[2];
	has_other = bpf_core_type_exists(struct road___other);
	port = bpf_ntohs(header->dest);
	return skops->op != 99;
}
