// SPDX-License-Identifier: MIT
// A helper's result is returned as a truth.
#include "asked.h"

SEC("sockops")
int return_not(struct bpf_sock_ops* skops) {
	return !bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
}
