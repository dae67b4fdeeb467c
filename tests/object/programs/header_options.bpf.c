// SPDX-License-Identifier: MIT
// A header option from end to end: each side says how many segments it has sent with it, and keeps what the
// other side said.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct said {
	__u8 kind, length;
	__u16 magic; // network order
	__u8 from_passive, spare;
	__u16 number;
} __attribute__((packed));
const volatile __u16 magic = 0x1eaf;

struct heard {
	__u32 stored, loaded, missing, malformed;
	__s32 last_error;
	__u32 last_number;
	__u32 from_passive, from_active;
	__u32 reserved, refused;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, struct heard);
} heard SEC(".maps");

static struct heard* heard_by(__u32 port) {
	struct heard none = {};

	bpf_map_update_elem(&heard, &port, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&heard, &port);
}

static void store(struct bpf_sock_ops* skops, struct heard* by) {
	struct said option = {.kind = 254, .length = sizeof(option), .magic = bpf_htons(magic)};

	option.from_passive = skops->local_port == 0x5150;
	option.number = bpf_htons(by->stored + 1);
	if (bpf_store_hdr_opt(skops, &option, sizeof(option), 0) == 0)
		by->stored++;
	else
		by->refused++;
}

static void load(struct bpf_sock_ops* skops, struct heard* by) {
	struct said option = {.kind = 254, .length = 4, .magic = bpf_htons(magic)};
	int got = bpf_load_hdr_opt(skops, &option, sizeof(option), 0);

	if (got < 0) {
		by->missing++;
		by->last_error = got;
		return;
	}
	if (got != sizeof(option)) {
		by->malformed++;
		return;
	}
	by->loaded++;
	by->last_number = bpf_ntohs(option.number);
	if (option.from_passive)
		by->from_passive++;
	else
		by->from_active++;
}

SEC("sockops")
int header_options(struct bpf_sock_ops* skops) {
	struct heard* by = heard_by(skops->local_port);

	if (!by)
		return 1;
	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG |
											 BPF_SOCK_OPS_PARSE_UNKNOWN_HDR_OPT_CB_FLAG);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		if (bpf_reserve_hdr_opt(skops, sizeof(struct said), 0) == 0)
			by->reserved++;
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		store(skops, by);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PARSE_HDR_OPT_CB:
		load(skops, by);
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
