// SPDX-License-Identifier: MIT
// Makes the calls of the header option helpers that a test asks for, in each op of both sides.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "hdr_opt_layout.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, hdr_opt_slots);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct hdr_opt_slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct hdr_opt_config);
} config SEC(".maps");

static __always_inline void copy_header(struct bpf_sock_ops *skops, struct hdr_opt_slot *slot)
{
	const __u8 *data = skops->skb_data, *end = skops->skb_data_end;
	__u32 at;

	for (at = 0; at < 60; at++) {
		if (data + at + 1 > end)
			break;
		slot->header[at] = data[at];
	}
	slot->header_len = at;
}

static __always_inline void make_call(struct bpf_sock_ops *skops, struct hdr_opt_slot *slot, __u32 at)
{
	struct hdr_opt_call *call = &slot->calls[at];
	struct hdr_opt_answer *answer = &slot->answers[at];
	__u32 len = call->len;

	if (call->what == hdr_opt_reserve) {
		answer->result = bpf_reserve_hdr_opt(skops, len, call->flags);
		return;
	}
	if (len == 0 || len > hdr_opt_buffer)
		return;
	if (call->what == hdr_opt_store)
		answer->result = bpf_store_hdr_opt(skops, answer->bytes, len, call->flags);
	else
		answer->result = bpf_load_hdr_opt(skops, answer->bytes, len, call->flags);
}

/* Each side asks for all calls once. A segment that TCP drops for its options comes again soon. */
static __always_inline void prepare(struct bpf_sock_ops *skops)
{
	int reports_sends = 1, rto_min_us = 8000;

	switch (skops->op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops->reply = 2;
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		bpf_sock_ops_cb_flags_set(skops, 0x7f);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		bpf_setsockopt(skops, 1, 1009, &reports_sends, sizeof(reports_sends)); /* SK_BPF_CB_FLAGS */
		bpf_setsockopt(skops, 6, TCP_BPF_RTO_MIN, &rto_min_us, sizeof(rto_min_us));
		break;
	}
}

SEC("sockops")
int hdr_opt(struct bpf_sock_ops *skops)
{
	__u32 first = 0, slot_number = skops->op, at;
	struct hdr_opt_config *how = bpf_map_lookup_elem(&config, &first);
	struct hdr_opt_slot *slot;

	if (!how)
		return 1;
	prepare(skops);
	if (slot_number == BPF_SOCK_OPS_HDR_OPT_LEN_CB && skops->args[0] == 1)
		slot_number = hdr_opt_mss_slot;
	else if (slot_number >= BPF_SOCK_OPS_PARSE_HDR_OPT_CB && slot_number <= BPF_SOCK_OPS_WRITE_HDR_OPT_CB &&
		 skops->skb_len < how->min_len)
		return 1;
	if (skops->local_port == how->port)
		slot_number += hdr_opt_side;
	slot = bpf_map_lookup_elem(&slots, &slot_number);
	if (!slot || slot->wanted == 0 || slot->ran)
		return 1;
	slot->ran = 1;
	slot->fullsock = skops->is_fullsock;
	slot->arg0 = skops->args[0];
	slot->has_skb = skops->skb_data != (void *)0;
	copy_header(skops, slot);
	slot->syn_len = bpf_getsockopt(skops, 6, TCP_BPF_SYN, slot->syn, 60);
	for (at = 0; at < hdr_opt_calls; at++) {
		if (at >= slot->wanted)
			break;
		make_call(skops, slot, at);
	}
	return 1;
}

char licence_of_this[] SEC("license") = "MIT";
