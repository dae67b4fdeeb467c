// SPDX-License-Identifier: MIT
// Asks for the value of an enumerator that the library has not.
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum tcp_ca_state { TCP_CA_Unheard_of = 77 };

SEC("sockops")
int missing_value(struct bpf_sock_ops *skops) {
	return skops->state == bpf_core_enum_value(enum tcp_ca_state, TCP_CA_Unheard_of);
}
