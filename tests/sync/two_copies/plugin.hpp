// SPDX-License-Identifier: MIT
// What each of the shared objects offers that are linked with the static library, as their host is: what they
// do with what they are given, and with what is their own.
#pragma once

#include <sockops/sockops.hpp>

struct plugin {
	int (*attach)(sockops::cgroup&);
	int (*link)(sockops::cgroup&);
	int (*detach)(sockops::cgroup&, const sockops::bpf_prog*);
	int (*query)(sockops::cgroup&);
	int (*init_sock)(sockops::net&, sockops::cgroup&);
	sockops::tcp_sock* (*new_sock)(); ///< in a tree of its own
	void (*delete_sock)(sockops::tcp_sock*);
	int (*clone)(sockops::tcp_sock& listener);
	int (*make_child)(sockops::cgroup&);
	int (*remove)(sockops::cgroup&);
	void (*put)(sockops::cgroup&);
	sockops::bpf_prog_ptr (*make_program)();
	int (*all_alone)(); ///< a tree, a program and sockets of its own; the reply
	const void* (*copy)();
	const char* (*told)(); ///< what its copy has reported since it was last asked
};

/// Looked up by name with dlsym().
extern "C" [[gnu::visibility("default")]] const plugin* sockops_test_plugin();
