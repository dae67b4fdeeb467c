// SPDX-License-Identifier: MIT
// What the peer's SYN said: its headers by TCP_BPF_SYN, one of its options by bpf_load_hdr_opt(), while it is
// answered and later from what the listener kept.
#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#define SOL_TCP 6

struct syn {
	__u32 calls;
	__s32 length; // of the headers, bytes
	__s32 length_with_ip;
	__s32 too_short;
	__u32 tcp_header_length, ip_version;
	__u8 addresses[32]; // of the IP header: source, destination
	__u8 ports[4];
	__s32 mss_length;
	__u32 mss;
	__s32 missing_option;
	__s32 save_syn; // what setting it answered
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 32); // by op
	__type(key, __u32);
	__type(value, struct syn);
} syns SEC(".maps");

static void look_at_headers(struct bpf_sock_ops* skops, struct syn* syn) {
	__u8 headers[100] = {};

	syn->too_short = bpf_getsockopt(skops, SOL_TCP, TCP_BPF_SYN, headers, 8);
	syn->length = bpf_getsockopt(skops, SOL_TCP, TCP_BPF_SYN, headers, 60);
	if (syn->length > 0)
		syn->tcp_header_length = (headers[12] >> 4) * 4;
	syn->length_with_ip = bpf_getsockopt(skops, SOL_TCP, TCP_BPF_SYN_IP, headers, sizeof(headers));
	if (syn->length_with_ip <= 0)
		return;
	syn->ip_version = headers[0] >> 4;
	if (syn->ip_version == 4) {
		__builtin_memcpy(syn->addresses, headers + 12, 8);
		__builtin_memcpy(syn->ports, headers + 20, sizeof(syn->ports));
	} else {
		__builtin_memcpy(syn->addresses, headers + 8, 32);
		__builtin_memcpy(syn->ports, headers + 40, sizeof(syn->ports));
	}
}

static void look_for_options(struct bpf_sock_ops* skops, struct syn* syn) {
	__u8 mss[4] = {2}, unknown[16] = {77};

	syn->mss_length = bpf_load_hdr_opt(skops, mss, sizeof(mss), BPF_LOAD_HDR_OPT_TCP_SYN);
	if (syn->mss_length == sizeof(mss))
		syn->mss = mss[2] << 8 | mss[3];
	syn->missing_option = bpf_load_hdr_opt(skops, unknown, sizeof(unknown), BPF_LOAD_HDR_OPT_TCP_SYN);
}

SEC("sockops")
int saved_syn(struct bpf_sock_ops* skops) {
	__u32 op = skops->op;
	struct syn* syn = bpf_map_lookup_elem(&syns, &op);
	int on = 1;

	if (!syn)
		return 1;
	syn->calls++;
	switch (op) {
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		syn->save_syn = bpf_setsockopt(skops, SOL_TCP, TCP_SAVE_SYN, &on, sizeof(on));
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
		break;
	case BPF_SOCK_OPS_RWND_INIT:
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		if (op == BPF_SOCK_OPS_HDR_OPT_LEN_CB && skops->is_fullsock)
			break;
		look_at_headers(skops, syn);
		look_for_options(skops, syn);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
