// SPDX-License-Identifier: MIT
// HDR_OPT_LEN_CB comes more often than segments do: each time the stack works out how much fits into a segment, with
// args[0] 1 and without one.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct option {
	__u8 kind, length;
	__u16 magic;
	__u32 number;
} __attribute__((packed));

__u32 numbered, written, highest;

SEC("sockops")
int number_segments(struct bpf_sock_ops* skops) {
	struct option option = {.kind = 254, .length = sizeof(option), .magic = 0x1eaf};

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		numbered++;
		bpf_reserve_hdr_opt(skops, sizeof(option), 0);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		option.number = highest = numbered;
		if (bpf_store_hdr_opt(skops, &option, sizeof(option), 0) == 0)
			written++;
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
