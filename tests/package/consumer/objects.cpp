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

template <class Object>
int is_not(unsigned expected, const char* name, const Object& object) {
	const unsigned reply = reply_of(object);
	std::printf("%s: reply %u\n", name, reply);
	return reply == expected ? 0 : 1;
}

int main() {
	using namespace sockops;
	return is_not(50, "fifty, interpreted", bpf_object::load_file(FIFTY_OBJECT)) |
		   is_not(50, "fifty, native", native_object::load("fifty")) |
		   is_not(51, "untidy, interpreted", bpf_object::load_file(UNTIDY_OBJECT)) |
		   is_not(51, "untidy, native", native_object::load("untidy")) |
		   is_not(60, "untidy, another time", bpf_object::load_file(UNTIDY_60_OBJECT));
}
