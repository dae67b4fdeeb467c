// SPDX-License-Identifier: MIT
// A congestion control by its name.
#include "asked.h"

SEC("sockops")
int setopt_congestion(struct bpf_sock_ops* skops) {
	char cc[] = "reno";
	bpf_setsockopt(skops, 6, 13, cc, sizeof cc);
	return 1;
}
