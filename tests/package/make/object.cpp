// SPDX-License-Identifier: MIT
// object FILE: fifty.bpf.c, in the kit for tests of objects and compiled for this machine.
#include <cstdio>

#include <sockops/native/native_object.hpp>
#include <sockops/sockops.hpp>
#include <sockops/testing/object_test.hpp>

struct kit : sockops::testing::object_test {
	explicit kit(const char* file) : object_test(file) { attach(); }
	sockops::u32 reply() {
		return fire(sockops::BPF_SOCK_OPS_TIMEOUT_INIT, socket({.state = sockops::TCP_SYN_SENT})).reply;
	}
};

int main(int, char** arguments) {
	const auto native = sockops::native_object::load("fifty");
	sockops::net in;
	sockops::cgroup_root root;
	sockops::scoped_tcp_sock sk(in, *root);
	const sockops::bpf_link link(*root, native.prog());
	std::printf("interpreted %u, native %u\n", kit(arguments[1]).reply(), sockops::tcp_timeout_init(&sk));
}
