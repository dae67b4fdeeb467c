// SPDX-License-Identifier: MIT
// Tells of each retransmission of connections to one port, and leaves the others alone.
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define WATCHED 12877

struct note {
	__u8 kind, part, source, hash;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} notes SEC(".maps");
const struct note* type_of_records; // so that the type is known to who reads them

__u32 total_retrans, told;

SEC("sockops")
int notify(struct bpf_sock_ops* skops) {
	struct note n = {0xde, 0xad, 0xbe, 0xef};

	if (bpf_ntohl(skops->remote_port) != WATCHED) {
		skops->reply = -1;
		return 0;
	}
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RETRANS_CB_FLAG | BPF_SOCK_OPS_RTO_CB_FLAG);
		break;
	case BPF_SOCK_OPS_RETRANS_CB:
		total_retrans = skops->total_retrans;
		told++;
		bpf_perf_event_output(skops, &notes, BPF_F_CURRENT_CPU, &n, sizeof(n));
		break;
	}
	skops->reply = 1;
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
