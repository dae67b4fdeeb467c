// SPDX-License-Identifier: MIT
// What a connection comes to: which ops came, what the closing socket says, and what two options answer.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define AF_INET6 10
#define SOL_TCP 6
#define SOL_IPV6 41
#define IPV6_TCLASS 67
#define TCP_WINDOW_CLAMP 10
#define TCP_SAVE_SYN 27
#define TCP_SAVED_SYN 28
#define CLAMP 9216

struct closing {
	__u32 total_retrans, data_segs_in, data_segs_out;
	__u64 bytes_received, bytes_acked;
};

__u64 ops; // one bit each
struct closing at_close;
__u32 closings, of_listeners;
__s32 unknown_flag, known_flag; // what setting it answers
__s32 save_syn = 77;
__u32 saved_syn_bit;
__u32 clamp_of_client, clamp_of_server;

static __u32 clamped(struct bpf_sock_ops* skops) {
	__u32 clamp = CLAMP, kept = 0;

	bpf_setsockopt(skops, SOL_TCP, TCP_WINDOW_CLAMP, &clamp, sizeof(clamp));
	bpf_getsockopt(skops, SOL_TCP, TCP_WINDOW_CLAMP, &kept, sizeof(kept));
	return kept;
}

static void look_at_the_syn(struct bpf_sock_ops* skops) {
	__u8 headers[60]; // of IPv6, then of TCP

	if (skops->family != AF_INET6 ||
	    bpf_getsockopt(skops, SOL_TCP, TCP_SAVED_SYN, headers, sizeof(headers)))
		return;
	saved_syn_bit = headers[40 + 13] >> 1 & 1;
}

static void closed(struct bpf_sock_ops* skops) {
	closings++;
	if (skops->args[0] == BPF_TCP_LISTEN) {
		of_listeners++;
		return;
	}
	at_close.total_retrans = skops->total_retrans;
	at_close.data_segs_in = skops->data_segs_in;
	at_close.data_segs_out = skops->data_segs_out;
	at_close.bytes_received = skops->bytes_received;
	at_close.bytes_acked = skops->bytes_acked;
}

SEC("sockops")
int tally(struct bpf_sock_ops* skops) {
	__u32 one = 1, class = 0xff;

	ops |= 1 << skops->op;
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		clamp_of_client = clamped(skops);
		break;
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		save_syn = bpf_setsockopt(skops, SOL_TCP, TCP_SAVE_SYN, &one, sizeof(one));
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		unknown_flag = bpf_sock_ops_cb_flags_set(skops, 0x80);
		known_flag = bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		bpf_setsockopt(skops, SOL_IPV6, IPV6_TCLASS, &class, sizeof(class));
		look_at_the_syn(skops);
		clamp_of_server = clamped(skops);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		if (skops->args[1] == BPF_TCP_CLOSE)
			closed(skops);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
