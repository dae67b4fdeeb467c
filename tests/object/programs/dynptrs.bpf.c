// SPDX-License-Identifier: MIT
// Records of a ring buffer whose length is known at run time alone: the states of a socket so far, one byte
// each. And a buffer of which parts are written and read by offset.
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct history {
	__u32 local_port, remote_port; // host order
	__u32 length;
	__u8 states[]; // as many as length says
};
const struct history* type_of_records; // so that the type is known to who reads them

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} histories SEC(".maps");

struct past {
	__u32 length;
	__u8 states[16];
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32); // local port
	__type(value, struct past);
} pasts SEC(".maps");

__u64 reported, discarded;
__s32 written, beyond, wrong_flags, read_back;
char scratch[32];

static void report(struct bpf_sock_ops* skops, struct past* past, int keep) {
	struct history head = {skops->local_port, bpf_ntohl(skops->remote_port), past->length};
	struct bpf_dynptr record;

	if (bpf_ringbuf_reserve_dynptr(&histories, sizeof(head) + past->length, 0, &record) || !keep) {
		discarded++;
		bpf_ringbuf_discard_dynptr(&record, 0);
		return;
	}
	bpf_dynptr_write(&record, 0, &head, sizeof(head), 0);
	for (__u32 at = 0; at < sizeof(past->states) && at < past->length; at++)
		bpf_dynptr_write(&record, offsetof(struct history, states) + at, &past->states[at], 1, 0);
	reported++;
	bpf_ringbuf_submit_dynptr(&record, 0);
}

static void write_and_read(void) {
	struct bpf_dynptr whole;
	char part[4] = "abc", got[4] = "";
	char* data;

	if (bpf_dynptr_from_mem(scratch, sizeof(scratch), 0, &whole))
		return;
	written = bpf_dynptr_write(&whole, 10, part, sizeof(part), 0);
	beyond = bpf_dynptr_write(&whole, 30, part, sizeof(part), 0);
	wrong_flags = bpf_dynptr_read(got, sizeof(got), &whole, 0, 1);
	bpf_dynptr_read(got, sizeof(got), &whole, 11, 0);
	read_back = got[0];
	data = bpf_dynptr_data(&whole, 20, 4);
	if (data)
		data[0] = 'd';
}

SEC("sockops")
int dynptrs(struct bpf_sock_ops* skops) {
	struct past none = {}, *past;
	__u32 port = skops->local_port;

	bpf_map_update_elem(&pasts, &port, &none, BPF_NOEXIST);
	past = bpf_map_lookup_elem(&pasts, &port);
	if (!past)
		return 1;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB || skops->op == BPF_SOCK_OPS_TCP_LISTEN_CB) {
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
		write_and_read();
	}
	if (skops->op != BPF_SOCK_OPS_STATE_CB)
		return 1;
	if (past->length < sizeof(past->states))
		past->states[past->length++ & 15] = skops->args[1];
	report(skops, past, skops->args[1] != BPF_TCP_FIN_WAIT1);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
