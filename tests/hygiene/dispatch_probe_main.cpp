// SPDX-License-Identifier: MIT
// An executable around the probe.

#include <sockops/sockops.hpp>

extern "C" int dispatch_probe(sockops::sock_common* sk, sockops::u32 a, sockops::u32 b);

int main() {
	sockops::net in;
	sockops::cgroup_root root;
	sockops::scoped_tcp_sock sk(in, *root);
	return dispatch_probe(&sk, 7, 2) == 7 ? 0 : 1;
}
