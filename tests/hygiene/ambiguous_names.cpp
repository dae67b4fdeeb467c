// SPDX-License-Identifier: MIT
// A program of its own, beside the system's headers, whose names are those of the library. LINE 0: what one
// writes.

#include <sockops/sockops.hpp>

#if LINE == 0
namespace so = sockops;

int wait_less(so::bpf_sock_ops& skops) {
	using enum so::bpf_sock_ops_op; // in a function these hide the global ones
	switch (skops.op) {
	case BPF_SOCK_OPS_TIMEOUT_INIT:
		skops.reply = 50;
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB: {
		const int packets = 40;
		return bpf_setsockopt(skops, so::sol::tcp, so::TCP_BPF_IW, &packets, sizeof packets) == 0;
	}
	}
	return skops.state != so::TCP_CLOSE;
}

bool attach_it(so::cgroup& to) {
	return cgroup_bpf_attach(to, so::make_bpf_prog("wait_less", wait_less)) == 0;
}
#elif LINE == 1 // says: reference to .*bpf_sock_ops.* is ambiguous
using namespace sockops;
int wait_less(bpf_sock_ops& skops) { return skops.op != 1; }
#elif LINE == 2 // says: reference to .*BPF_SOCK_OPS_TIMEOUT_INIT.* is ambiguous
using namespace sockops;
int wait_less(sockops::bpf_sock_ops& skops) { return skops.op != BPF_SOCK_OPS_TIMEOUT_INIT; }
#elif LINE == 3 // says: reference to .*TCP_ESTABLISHED.* is ambiguous
using namespace sockops;
int wait_less(sockops::bpf_sock_ops& skops) { return skops.state != TCP_ESTABLISHED; }
#endif
