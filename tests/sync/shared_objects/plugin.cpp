// SPDX-License-Identifier: MIT
#include "plugin.hpp"

namespace {

using namespace sockops;

const plugin here = {
	[] { return &current_thread; },
	[] { return &cgroup_bpf_enabled_key[CGROUP_SOCK_OPS]; },
	[](sock_common* sk) { return tcp_call_bpf(sk, BPF_SOCK_OPS_RWND_INIT, 0, nullptr); },
	[](cgroup& cgrp, u32 reply) {
		return cgroup_bpf_attach(cgrp, make_bpf_prog("from a plug-in", [reply](bpf_sock_ops& skops) {
									 skops.reply = skops.reply + reply;
									 return 1;
								 }));
	},
	[] { rcu_read_lock(); },
	[] { rcu_read_unlock(); },
	[](rcu_head* head, void (*func)(rcu_head*)) { call_rcu(head, func); },
};

} // namespace

const plugin* sockops_test_plugin() { return &here; }
