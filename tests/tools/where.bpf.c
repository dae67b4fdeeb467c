// SPDX-License-Identifier: MIT
// Looks after connections of one net to one port alone, as many programs do: by the addresses and ports of the
// context and of its bpf_sock, in their byte orders.
#include <linux/bpf.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define SOL_TCP 6
#define SERVICE 443
#define CLIENTS 0x0a000000 // 10.0.0.0/8

struct ends {
	__u32 family;
	__u32 local_ip4, remote_ip4, local_port, remote_port; // host order
	__u32 remote_ip6[4];                                  // host order
	__u32 sock_local_port, sock_remote_port;              // host order
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32); // op
	__type(value, struct ends);
} mine SEC(".maps");
__u32 not_mine;

// For a connection that cannot come, and a congestion control that there is not.
const volatile int give_up_ms = 0;
const volatile char congestion[16] = "";

static int is_mine(struct bpf_sock_ops *skops, const struct ends *ends) {
	const __u32 service = skops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB ? ends->local_port : ends->remote_port;
	const __u32 client = skops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB ? ends->remote_ip4 : ends->local_ip4;
	if (service != SERVICE)
		return 0;
	return skops->family != AF_INET || (client & 0xff000000) == CLIENTS;
}

static void set_options(struct bpf_sock_ops *skops) {
	int limit = give_up_ms;
	char name[16];
	if (limit != 0)
		bpf_setsockopt(skops, SOL_TCP, TCP_USER_TIMEOUT, &limit, sizeof(limit));
	if (congestion[0] == 0)
		return;
	for (int i = 0; i != sizeof(name); ++i)
		name[i] = congestion[i];
	bpf_setsockopt(skops, SOL_TCP, TCP_CONGESTION, name, sizeof(name));
}

SEC("sockops")
int where(struct bpf_sock_ops *skops) {
	struct bpf_sock *sk = skops->sk;
	__u32 op = skops->op;
	struct ends ends = {.family = skops->family};
	if (op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		set_options(skops);
	if (op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	ends.local_ip4 = bpf_ntohl(skops->local_ip4);
	ends.remote_ip4 = bpf_ntohl(skops->remote_ip4);
	ends.local_port = skops->local_port;
	ends.remote_port = bpf_ntohl(skops->remote_port);
	ends.remote_ip6[0] = bpf_ntohl(skops->remote_ip6[0]);
	ends.remote_ip6[1] = bpf_ntohl(skops->remote_ip6[1]);
	ends.remote_ip6[2] = bpf_ntohl(skops->remote_ip6[2]);
	ends.remote_ip6[3] = bpf_ntohl(skops->remote_ip6[3]);
	if (sk) {
		ends.sock_local_port = sk->src_port;
		ends.sock_remote_port = bpf_ntohs(sk->dst_port);
	}
	if (!is_mine(skops, &ends)) {
		not_mine++;
		return 1;
	}
	bpf_map_update_elem(&mine, &op, &ends, BPF_ANY);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
