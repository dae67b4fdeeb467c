// SPDX-License-Identifier: MIT
// "A large first window of 40 packets" is smaller than the one that 6.18 has by itself, and more packets than fit in
// 64 KiB are the default again.
#include <linux/bpf.h>
#include <linux/tcp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 packets = 40;
__u32 announced;

SEC("sockops")
int large_window(struct bpf_sock_ops* skops) {
	struct tcphdr* syn_ack = skops->skb_data;

	if (skops->op == BPF_SOCK_OPS_RWND_INIT)
		skops->reply = packets;
	if (skops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && (void*)(syn_ack + 1) <= skops->skb_data_end)
		announced = bpf_ntohs(syn_ack->window);
	return 1;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
