// SPDX-License-Identifier: MIT
// Room for an option is room for its kind and length, too: 8 bytes of payload need 10, and what was not reserved is
// not there when it is written. Nobody looks at the result.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct option {
	__u8 kind, length;
	__u64 payload;
} __attribute__((packed));

__u32 asked, written;

SEC("sockops")
int tag(struct bpf_sock_ops* skops) {
	struct option option = {.kind = 200, .length = sizeof(option), .payload = 7};

	switch (skops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		bpf_sock_ops_cb_flags_set(skops, skops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		bpf_reserve_hdr_opt(skops, sizeof(option.payload), 0);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		asked++;
		if (bpf_store_hdr_opt(skops, &option, sizeof(option), 0) == 0)
			written++;
		break;
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
