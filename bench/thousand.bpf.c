// SPDX-License-Identifier: MIT
// About 1,000 instructions: statistics by every field of the context, unrolled. For the time that loading takes.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

static __always_inline void add(__u32 key, __u64 amount) {
	__u64 *sum = bpf_map_lookup_elem(&sums, &key);

	if (sum)
		*sum += amount;
}

#define ADD(key, field) add(key, skops->field)
#define ADD_ALL(from)                                                                                                \
	ADD(from, snd_cwnd), ADD(from + 1, srtt_us), ADD(from + 2, rtt_min), ADD(from + 3, snd_ssthresh),                \
		ADD(from + 4, rcv_nxt), ADD(from + 5, snd_nxt), ADD(from + 6, snd_una), ADD(from + 7, mss_cache),            \
		ADD(from + 8, ecn_flags), ADD(from + 9, packets_out), ADD(from + 10, retrans_out),                           \
		ADD(from + 11, total_retrans), ADD(from + 12, segs_in), ADD(from + 13, segs_out),                            \
		ADD(from + 14, bytes_received), ADD(from + 15, bytes_acked)

SEC("sockops")
int thousand(struct bpf_sock_ops *skops) {
	ADD_ALL(0);
	ADD_ALL(16);
	ADD_ALL(32);
	ADD_ALL(48);
	ADD_ALL(0);
	ADD(16, lost_out), ADD(17, sacked_out), ADD(18, data_segs_in), ADD(19, data_segs_out);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
