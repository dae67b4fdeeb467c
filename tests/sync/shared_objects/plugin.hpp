// SPDX-License-Identifier: MIT
// What each of the two shared objects exports: the inline half of the library, compiled into it.
#pragma once

#include <sockops/sockops.hpp>

struct plugin {
	sockops::thread_state* (*this_thread)();
	sockops::static_key* (*enabled_key)();
	int (*dispatch)(sockops::sock_common*);
	int (*attach_reply)(sockops::cgroup&, sockops::u32 reply); ///< the program's code lies in the plug-in
	void (*enter)();
	void (*leave)();
	void (*queue)(sockops::rcu_head*, void (*)(sockops::rcu_head*));
};

/// Looked up by name with dlsym().
extern "C" [[gnu::visibility("default")]] const plugin* sockops_test_plugin();
