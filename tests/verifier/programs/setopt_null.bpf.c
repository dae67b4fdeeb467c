// SPDX-License-Identifier: MIT
// An option with no value.
#include "asked.h"

SEC("sockops")
int setopt_null(struct bpf_sock_ops* skops) {
	bpf_setsockopt(skops, 6, 1, 0, 0);
	return 1;
}
