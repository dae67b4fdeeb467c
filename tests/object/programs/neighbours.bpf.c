// SPDX-License-Identifier: MIT
// Three programs of one cgroup that get in each other's way, as those of people do who do not know of each other:
// what becomes of replies, flags, arguments and header options.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define THE_SERVERS 0x5150
#define TCPHDR_SYN 2

struct option {
	__u8 kind, length;
	__u16 magic; // network order
	__u8 bytes[8];
} __attribute__((packed));

/// What a program of the three finds, in an op, on the sockets of a port.
struct place {
	__u32 port, op;
	__u32 program;
};
struct found {
	__u32 calls;
	__s32 first_argument;
	__u32 flags;
	__u32 reserved, not_reserved, stored, not_stored;
	__s32 last_error;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct place);
	__type(value, struct found);
} found SEC(".maps");

static struct found* found_by(struct bpf_sock_ops* skops, __u32 program) {
	struct found none = {}, *here;
	struct place key = {.port = skops->local_port, .op = skops->op, .program = program};

	bpf_map_update_elem(&found, &key, &none, BPF_NOEXIST);
	here = bpf_map_lookup_elem(&found, &key);
	if (!here)
		return 0;
	here->calls++;
	here->flags = skops->bpf_sock_ops_cb_flags;
	// A sequence number and a round trip are of the connection, not of the rule.
	if (skops->op != BPF_SOCK_OPS_RETRANS_CB && skops->op != BPF_SOCK_OPS_RTT_CB)
		here->first_argument = skops->args[0];
	return here;
}

static void with_options(struct bpf_sock_ops* skops, struct found* here, __u8 kind, __u32 bytes) {
	struct option option = {.kind = kind, .length = sizeof(option), .magic = bpf_htons(0x2eaf)};
	int error;

	if (skops->op == BPF_SOCK_OPS_HDR_OPT_LEN_CB) {
		error = bpf_reserve_hdr_opt(skops, bytes, 0);
		here->reserved += error == 0;
		here->not_reserved += error != 0;
	} else {
		error = bpf_store_hdr_opt(skops, &option, sizeof(option), 0);
		here->stored += error == 0;
		here->not_stored += error != 0;
	}
	if (error)
		here->last_error = error;
}

static int is_about_options(struct bpf_sock_ops* skops) {
	return skops->op == BPF_SOCK_OPS_HDR_OPT_LEN_CB || skops->op == BPF_SOCK_OPS_WRITE_HDR_OPT_CB;
}

/// Replies, wants header options, and to be told of changes of the state.
SEC("sockops")
int first_of_three(struct bpf_sock_ops* skops) {
	struct found* here = found_by(skops, 1);

	if (!here)
		return 1;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops->op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG | BPF_SOCK_OPS_STATE_CB_FLAG |
											 BPF_SOCK_OPS_RTO_CB_FLAG);
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = 50;
	if (is_about_options(skops))
		with_options(skops, here, 254, sizeof(struct option));
	return 1;
}

/// Replies that it has none to all but one op, assigns flags of its own, and wants an option of the same kind and more
/// bytes than are left.
SEC("sockops")
int second_of_three(struct bpf_sock_ops* skops) {
	struct found* here = found_by(skops, 2);

	if (!here)
		return 1;
	if (is_about_options(skops))
		with_options(skops, here, 254, skops->skb_tcp_flags & TCPHDR_SYN ? 12 : 36);
	if (skops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
	if (skops->op != BPF_SOCK_OPS_TIMEOUT_INIT)
		skops->reply = -1;
	return 1;
}

/// Denies the server its timeout, and each SYN its options.
SEC("sockops")
int third_of_three(struct bpf_sock_ops* skops) {
	if (!found_by(skops, 3))
		return 1;
	if (skops->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		return skops->local_port != THE_SERVERS;
	if (skops->op == BPF_SOCK_OPS_HDR_OPT_LEN_CB)
		return !(skops->skb_tcp_flags & TCPHDR_SYN);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
