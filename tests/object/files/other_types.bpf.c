// SPDX-License-Identifier: MIT
// No sock_ops program at all.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("xdp")
int pass(struct xdp_md *context) { return context->data == 0 ? XDP_DROP : XDP_PASS; }

SEC("cgroup/sock_create")
int allow(struct bpf_sock *sk) { return sk->family != 0; }
