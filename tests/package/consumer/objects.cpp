// SPDX-License-Identifier: MIT
// Somebody else's object: interpreted, and compiled natively.

#include <cstdio>

#include <sockops/native/native_object.hpp>
#include <sockops/object/bpf_object.hpp>
#include <sockops/sockops.hpp>

template <class Object>
unsigned reply_of(const Object& object) {
	sockops::net in;
	sockops::cgroup_root root;
	sockops::scoped_tcp_sock sk(in, *root);
	const sockops::bpf_link link(*root, object.prog());
	return sockops::tcp_timeout_init(&sk);
}

int main() {
	const unsigned interpreted = reply_of(sockops::bpf_object::load_file(FIFTY_OBJECT));
	const unsigned native = reply_of(sockops::native_object::load("fifty"));
	std::printf("interpreted %u, native %u\n", interpreted, native);
	return interpreted == 50 && native == 50 ? 0 : 1;
}
