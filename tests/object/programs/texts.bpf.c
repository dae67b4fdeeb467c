// SPDX-License-Identifier: MIT
// Texts: built with bpf_snprintf(), read with bpf_strtol(), compared with bpf_strncmp(), shown with
// bpf_printk().
#include "kernel_types.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct call {
	__u32 op;
	__u32 port; // local
};
struct text {
	char line[96];
	__s32 length;
	__s32 printed;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct call);
	__type(value, struct text);
} texts SEC(".maps");

char wanted_port[8] = "  0x5150";
__s64 read_number, read_negative;
__u64 read_unsigned;
__s32 read_length, not_a_number, compared, cut_to;
char cut[8];

static void read_texts(void) {
	static const char negative[] = "-77 apples", words[] = "apples";
	long number = 0;
	unsigned long whole = 0;

	read_length = bpf_strtol(wanted_port, sizeof(wanted_port), 0, &number);
	read_number = number;
	bpf_strtol(negative, sizeof(negative) - 1, 10, &number);
	read_negative = number;
	bpf_strtoul(wanted_port + 4, 4, 16, &whole);
	read_unsigned = whole;
	not_a_number = bpf_strtol(words, sizeof(words) - 1, 10, &number);
	compared = bpf_strncmp(wanted_port, sizeof(wanted_port), "  0x5150");
	cut_to = BPF_SNPRINTF(cut, sizeof(cut), "%s/%d", "longer", 12345);
}

static int write_line(struct bpf_sock_ops* skops, const struct call* call, char* line, __u32 size) {
	__u32 address[4] = {skops->remote_ip4};

	if (skops->family == 2)
		return BPF_SNPRINTF(line, size, "op %u: port %d state %3d peer %pI4", call->op, call->port,
							skops->state, address);
	address[0] = skops->remote_ip6[0];
	address[1] = skops->remote_ip6[1];
	address[2] = skops->remote_ip6[2];
	address[3] = skops->remote_ip6[3];
	return BPF_SNPRINTF(line, size, "op %u: port %d state %3d peer %pI6", call->op, call->port, skops->state,
						address);
}

SEC("sockops")
int texts_of_ops(struct bpf_sock_ops* skops) {
	struct call call = {skops->op, skops->local_port};
	struct text text = {};

	if (call.op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		read_texts();
	text.length = write_line(skops, &call, text.line, sizeof(text.line));
	text.printed = bpf_printk("op %d of port %d", call.op, call.port);
	bpf_map_update_elem(&texts, &call, &text, BPF_ANY);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
