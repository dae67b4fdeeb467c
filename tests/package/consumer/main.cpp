// SPDX-License-Identifier: MIT
// Somebody else's program.

#include <cstdio>

#include <sockops/sockops.hpp>

int main() {
	sockops::net in;
	sockops::cgroup_root root;
	sockops::scoped_tcp_sock sk(in, *root);
	const auto prog = sockops::make_bpf_prog("fifty", [](sockops::bpf_sock_ops& skops) {
		skops.reply = 50;
		return 1;
	});
	if (sockops::cgroup_bpf_attach(*root, prog) != 0)
		return 1;
	std::printf("reply %u\n", sockops::tcp_timeout_init(&sk));
}
