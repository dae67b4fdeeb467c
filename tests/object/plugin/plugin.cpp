// SPDX-License-Identifier: MIT
// A shared object with the library in it: loads FILE and calls its program once.
#include <cstdio>

#include <arpa/inet.h>

#include <sockops/object/bpf_object.hpp>
#include <sockops/sockops.hpp>

extern "C" void call_program_of(const char* file) {
	try {
		const auto object = sockops::bpf_object::load_file(file);
		sockops::net in;
		sockops::cgroup_root root;
		sockops::scoped_tcp_sock sk(in, *root);
		sk.skc_state = sockops::TCP_SYN_SENT;
		sk.skc_daddr = htonl(0x0a000001); // 10.0.0.1, to which tune.bpf.c replies 25
		const sockops::bpf_link link(*root, object.prog());
		std::printf("%s: reply %u\n", object.prog()->name, sockops::tcp_timeout_init(&sk));
	} catch (const std::exception& e) {
		std::printf("refused: %s\n", e.what());
	}
}
