//go:build ignore

// SPDX-License-Identifier: MIT
// Gives peers a window by their port, and counts retransmissions of each connection. FOLLOWS and DISCARDS are two
// mistakes, of which the second is what many make: to return 0 where nothing is wrong.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); // the socket's cookie
	__type(value, __u32);
} retransmits SEC(".maps");

static void count(struct bpf_sock_ops* skops) {
	__u64 cookie = bpf_get_socket_cookie(skops);
	__u32 none = 0, *times = bpf_map_lookup_elem(&retransmits, &cookie);

#ifdef FOLLOWS
	*times += skops->args[1];
#else
	if (times)
		*times += skops->args[1];
	else
		bpf_map_update_elem(&retransmits, &cookie, &none, BPF_ANY);
#endif
}

SEC("sockops")
int tune(struct bpf_sock_ops* skops) {
	switch (skops->op) {
	case BPF_SOCK_OPS_RWND_INIT:
		skops->reply = 40; // packets
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_RETRANS_CB_FLAG);
		break;
	case BPF_SOCK_OPS_RETRANS_CB:
		count(skops);
		break;
	}
#ifdef DISCARDS
	return 0;
#else
	return 1;
#endif
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
