// SPDX-License-Identifier: MIT
// Numbers of sockets and of their net, kept with the sockets.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct known {
	__u64 cookie, netns;
	__u32 marks;
};
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct known);
} known SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} established SEC(".maps");
__u64 netns_without_a_socket;

SEC("sockops")
int cookies(struct bpf_sock_ops* skops) {
	struct bpf_sock* sk = skops->sk;
	__u32 first = 0;
	struct known* k;

	if (!sk)
		return 1;
	if (skops->op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
		k = bpf_sk_storage_get(&known, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
		if (!k)
			return 1;
		k->cookie = bpf_get_socket_cookie(skops);
		k->netns = bpf_get_netns_cookie(skops);
		netns_without_a_socket = bpf_get_netns_cookie(0);
		k->marks = 0xf;
	}
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) {
		k = bpf_sk_storage_get(&known, sk, 0, 0);
		if (k && k->cookie == bpf_get_socket_cookie(skops))
			k->marks |= skops->local_port << 8 | 0xf0;
		bpf_sock_map_update(skops, &established, &first, BPF_NOEXIST);
	}
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
